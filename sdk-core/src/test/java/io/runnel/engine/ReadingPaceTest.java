package io.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.fetch.Playback;
import io.runnel.fetch.PlaybackHint;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReadingPaceTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int RATE = 500_000;

    private final ReadingPace pace = new ReadingPace();
    private final Playback playback = new Playback();

    private PlaybackHint at(long nowNanos) {
        return pace.at(playback.latest(), nowNanos);
    }

    private boolean wants(long offset, long nowNanos) {
        return pace.wants(offset, RATE, playback.latest(), nowNanos);
    }

    @Test
    void at_nothingKnown_isNone() {
        assertThat(at(5 * SECOND)).isEqualTo(PlaybackHint.NONE);
        wants(0, 5 * SECOND);
        assertThat(at(5 * SECOND)).isEqualTo(PlaybackHint.NONE);
    }

    @Test
    void wants_inOrder_goesOn() {
        assertThat(wants(0, 0)).isFalse();
        assertThat(wants(RATE, 0)).isTrue();
        assertThat(wants(RATE, 0)).as("again").isFalse();
        assertThat(wants(7, 0)).as("elsewhere").isFalse();
    }

    @Test
    void at_reportGrowsOld_bufferEmptiesAsTimePasses() {
        playback.report(new PlaybackHint(RATE, Duration.ofSeconds(3)));
        assertThat(at(10 * SECOND)).isEqualTo(new PlaybackHint(RATE, Duration.ofSeconds(3)));
        assertThat(at(12 * SECOND).bufferAhead()).isEqualTo(Duration.ofSeconds(1));
        assertThat(at(20 * SECOND).bufferAhead()).isEqualTo(Duration.ZERO);
    }

    @Test
    void at_readerTookMore_bufferFills() {
        playback.report(new PlaybackHint(RATE, Duration.ofSeconds(3)));
        wants(0, 10 * SECOND);
        playback.report(new PlaybackHint(RATE, Duration.ofSeconds(3)));
        wants(RATE, 11 * SECOND);
        // The second piece came with the report: one second taken, none gone by.
        assertThat(at(11 * SECOND).bufferAhead()).isEqualTo(Duration.ofSeconds(4));
        wants(2 * RATE, 12 * SECOND);
        assertThat(at(12 * SECOND).bufferAhead()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void at_sameNumbersReportedAgain_areNews() {
        PlaybackHint hint = new PlaybackHint(RATE, Duration.ofSeconds(3));
        playback.report(hint);
        assertThat(at(10 * SECOND).bufferAhead()).isEqualTo(Duration.ofSeconds(3));
        playback.report(hint);
        assertThat(at(12 * SECOND).bufferAhead()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void at_playerStandsStill_bufferStays() {
        playback.report(new PlaybackHint(0, Duration.ofSeconds(3)));
        assertThat(at(10 * SECOND).bufferAhead()).isEqualTo(Duration.ofSeconds(3));
        assertThat(at(90 * SECOND).bufferAhead()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void at_afterASeek_nothingIsBuffered() {
        wants(0, 0);
        playback.report(new PlaybackHint(RATE, Duration.ofSeconds(30)));
        wants(50 * RATE, SECOND);
        assertThat(at(SECOND)).isEqualTo(new PlaybackHint(RATE, Duration.ZERO));
    }

    @Test
    void at_nothingReported_rateIsWhatTheReaderTakes() {
        for (int i = 0; i <= 20; i++) {
            wants((long) i * RATE, i * SECOND / 4);
        }
        assertThat(at(5 * SECOND).bytesPerSecond())
                .isCloseTo(4L * RATE, org.assertj.core.data.Percentage.withPercentage(1));
        assertThat(at(60 * SECOND).bytesPerSecond()).as("long nothing").isLessThan(3L * RATE);
    }
}
