package io.runnel.p2p.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final Drain drain = new Drain();
    private long now;

    /** Answers of this many bytes, each of which takes this long; nothing waits between them. */
    private void answer(int times, long bytes, long millis) {
        for (int i = 0; i < times; i++) {
            drain.seen(true, now);
            now += millis * MILLI;
            drain.taken(bytes);
            drain.seen(false, now);
            now += 100 * MILLI;
            drain.seen(false, now);
        }
    }

    @Test
    void start_isTheLeast() {
        assertThat(drain.windowBytes()).isEqualTo(ExchangeProtocol.LEAST_AHEAD_BYTES);
        assertThat(drain.frameGroups()).isEqualTo(1);
    }

    @Test
    void slowPath_isTheLeast() {
        answer(20, 1 << 14, 300);
        assertThat(drain.windowBytes()).isLessThan(ExchangeProtocol.LEAST_AHEAD_BYTES + 100);
        assertThat(drain.frameGroups()).isEqualTo(1);
    }

    /** Time in which nothing waits says nothing about the path. */
    @Test
    void fastPath_smallAnswersWithPauses_isTheMost() {
        answer(400, 1 << 14, 1);
        assertThat(drain.windowBytes()).isGreaterThan(ExchangeProtocol.MOST_AHEAD_BYTES - 100);
        assertThat(drain.frameGroups()).isEqualTo(ExchangeProtocol.FRAME_GROUPS);
    }

    @Test
    void pathThatChanges_isFollowed() {
        answer(20, 1 << 14, 300);
        answer(40, 1 << 17, 10);
        assertThat(drain.frameGroups()).isEqualTo(ExchangeProtocol.FRAME_GROUPS);
        answer(20, 1 << 14, 80);
        assertThat(drain.windowBytes()).isBetween(45_000L, 60_000L);
    }
}
