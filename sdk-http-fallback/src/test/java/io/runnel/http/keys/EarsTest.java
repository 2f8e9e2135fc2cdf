package io.runnel.http.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.channel.TextChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** A server that sends without end while the owner is busy. */
final class EarsTest {
    private static final String LONGEST = "x".repeat(TextChannel.MAX_MESSAGE_BYTES);

    private final Queue<Runnable> owner = new ArrayDeque<>();
    private final List<String> heard = new ArrayList<>();
    private final Ears ears = new Ears(owner::add, new Ears.Reader() {
        @Override
        public void message(String text) {
            heard.add(text);
        }

        @Override
        public void flooded() {
            heard.add("flooded");
        }

        @Override
        public void closed(int code) {
            heard.add("closed " + code);
        }
    });

    private void work() {
        while (!owner.isEmpty()) {
            owner.remove().run();
        }
    }

    @Test
    void message_farMoreThanTheOwnerGetsDone_isToldOnceAndTheRestDropped() {
        for (String text : List.of(LONGEST, "")) {
            for (int i = 0; i < 100_000; i++) {
                ears.message(text);
            }
        }
        assertThat(owner).hasSizeLessThan(100);
        work();
        ears.message("late");
        ears.closed(4429, "");
        work();
        assertThat(heard).containsOnlyOnce("flooded").endsWith("flooded", "closed 4429");
        assertThat(heard.get(0)).isEqualTo(LONGEST);
    }

    @Test
    void message_ofNothing_isBoundedToo() {
        for (int i = 0; i < 100_000; i++) {
            ears.message("");
        }
        assertThat(owner).hasSizeLessThan(Ears.MAX_WAITING_CHARS / 500);
        work();
        assertThat(heard).endsWith("flooded");
    }

    @Test
    void message_manyOverTime_allAreHeard() {
        for (int i = 0; i < 1000; i++) {
            ears.message(LONGEST);
            work();
        }
        assertThat(heard).hasSize(1000).doesNotContain("flooded");
    }
}
