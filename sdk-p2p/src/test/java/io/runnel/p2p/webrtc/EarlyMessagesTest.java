package io.runnel.p2p.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyMessagesTest {
    private final EarlyMessages early = new EarlyMessages();

    @Test
    void all_aFewMessages_areThereInOrder() {
        ByteBuffer first = ByteBuffer.wrap(new byte[] {1});
        ByteBuffer second = ByteBuffer.wrap(new byte[] {2});
        assertThat(early.add(first)).isTrue();
        assertThat(early.add(second)).isTrue();
        assertThat(early.all()).containsExactly(first, second);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 1 << 18})
    void add_withoutEnd_keepsNoMoreThanTheBound(int size) {
        ByteBuffer message = ByteBuffer.allocate(size);
        int kept = 0;
        while (early.add(message)) {
            kept++;
        }
        assertThat(early.add(message)).isFalse();
        assertThat(early.all()).hasSize(kept);
        assertThat(kept).isEqualTo((int) (EarlyMessages.MAX_BYTES / (size + EarlyMessages.MESSAGE_BYTES)));
    }
}
