package io.runnel.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlarmTest {
    private final OwnerLoop loop = new OwnerLoop();
    private final List<String> rung = new ArrayList<>();
    private final Alarm alarm = new Alarm(loop, () -> rung.add("alarm"));

    @AfterEach
    void close() {
        loop.close();
    }

    /** Runs it on the loop; what has rung once all that was due by then has run. */
    private List<String> after(Runnable task) {
        CompletableFuture<List<String>> result = new CompletableFuture<>();
        loop.execute(() -> {
            task.run();
            loop.at(loop.nanos(), () -> result.complete(List.copyOf(rung)));
        });
        return result.join();
    }

    @Test
    void set_again_ringsOnlyOnce() {
        assertThat(after(() -> {
                    for (int i = 0; i < 100; i++) {
                        alarm.set(0);
                    }
                }))
                .containsExactly("alarm");
    }

    @Test
    void set_afterItRang_ringsAgain() {
        after(() -> alarm.set(0));
        assertThat(after(() -> alarm.set(0))).containsExactly("alarm", "alarm");
    }

    @Test
    void cancel_set_doesNotRing() {
        assertThat(after(() -> {
                    alarm.set(0);
                    alarm.cancel();
                }))
                .isEmpty();
    }
}
