package io.runnel.p2p.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SendBufferTest {
    private final SendBuffer buffer = new SendBuffer();
    private long now = TimeUnit.SECONDS.toNanos(1000);
    private double held;

    /** Keeps the buffer full for a second over a path of this many bytes a second. */
    private void send(double bytesPerSecond) {
        for (int i = 0; i < 1000; i++) {
            now += TimeUnit.MILLISECONDS.toNanos(1);
            held = Math.max(0, held - bytesPerSecond / 1000);
            buffer.drainedTo((long) held, now);
            while (held < buffer.limit()) {
                held += 1 << 17;
                buffer.added(1 << 17);
            }
        }
    }

    @Test
    void limit_fastPath_isTheMost() {
        send(80e6);
        assertThat(buffer.limit()).isEqualTo(SendBuffer.MOST_BYTES);
    }

    @Test
    void limit_slowPath_isTheLeast() {
        send(1e6);
        assertThat(buffer.limit()).isEqualTo(SendBuffer.LEAST_BYTES);
    }

    @Test
    void limit_pathThatChanges_follows() {
        send(1e6);
        send(6e6);
        assertThat(buffer.limit()).isBetween(500_000L, 700_000L);
        send(80e6);
        assertThat(buffer.limit()).isEqualTo(SendBuffer.MOST_BYTES);
    }
}
