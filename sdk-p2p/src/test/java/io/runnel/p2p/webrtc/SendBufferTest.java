package io.runnel.p2p.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendBufferTest {
    private final SendBuffer buffer = new SendBuffer();
    private long now = TimeUnit.SECONDS.toNanos(1000);
    private double held;

    /** Keeps the buffer full for a second over a path of this many bytes a second. */
    private void send(double bytesPerSecond) {
        send(bytesPerSecond, 1);
    }

    /** The same, asked as seldom as a busy machine lets it. */
    private void send(double bytesPerSecond, int everyMillis) {
        for (int i = 0; i < 1000; i += everyMillis) {
            now += TimeUnit.MILLISECONDS.toNanos(everyMillis);
            held = Math.max(0, held - bytesPerSecond * everyMillis / 1000);
            buffer.drainedTo((long) held, now);
            while (held < buffer.limit()) {
                held += 1 << 17;
                buffer.added(1 << 17);
            }
        }
    }

    @Test
    void limit_nothingMeasured_isShort() {
        assertThat(buffer.limit()).isEqualTo(SendBuffer.START_BYTES);
    }

    @Test
    void limit_fastPath_isTheMost() {
        send(80e6);
        assertThat(buffer.limit()).isEqualTo(SendBuffer.MOST_BYTES);
    }

    /** What is short for the path would else stay so: it is empty at each look, and nothing is known of the path. */
    @Test
    void limit_fastPathThatRunsEmptyBetweenTwoLooks_isTheMost() {
        send(80e6, 8);
        assertThat(buffer.limit()).isEqualTo(SendBuffer.MOST_BYTES);
    }

    @Test
    void limit_slowPath_isTheLeast() {
        send(0.3e6);
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

    @Test
    void refillNanos_nothingMeasured_isShort() {
        assertThat(buffer.refillNanos(1 << 20)).isEqualTo(SendBuffer.LEAST_WAIT_NANOS);
    }

    @Test
    void refillNanos_ranEmpty_isShort() {
        send(1e6);
        now += TimeUnit.SECONDS.toNanos(1);
        buffer.drainedTo(0, now);
        assertThat(buffer.refillNanos(buffer.limit())).isEqualTo(SendBuffer.LEAST_WAIT_NANOS);
    }

    /** Asked only when it says, it is found with something left, and far less often than every 300 us. */
    @ParameterizedTest
    @ValueSource(doubles = {0.1e6, 1e6, 6e6, 30e6, 80e6})
    void refillNanos_steadyPath_neverRunsEmptyAndIsSeldomAsked(double bytesPerSecond) {
        send(bytesPerSecond);
        int asked = 0;
        for (long end = now + TimeUnit.SECONDS.toNanos(1); now < end; asked++) {
            long wait = buffer.refillNanos((long) held);
            now += wait;
            held -= bytesPerSecond * (wait / 1e9);
            assertThat(held).isPositive();
            buffer.drainedTo((long) held, now);
            while (held < buffer.limit()) {
                held += 1 << 17;
                buffer.added(1 << 17);
            }
        }
        assertThat(asked).isLessThan(250);
    }
}
