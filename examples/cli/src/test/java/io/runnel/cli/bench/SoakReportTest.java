package io.runnel.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.cli.process.Event;
import io.runnel.cli.report.Footprint;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoakReportTest {
    private static SoakReport report(int minutes) {
        List<Event.Sampled> samples = IntStream.rangeClosed(1, minutes)
                .mapToObj(minute -> new Event.Sampled(
                        minute * 7L, new Footprint(minute * 1_000_000L, minute * 100_000L, 20 + minute, 50)))
                .toList();
        return SoakReport.of(Machine.current(), 1 << 20, true, Duration.ofMillis(250), samples);
    }

    @Test
    void of_anHour_comparesTheFirstAndTheLastTenMinutes() {
        SoakReport report = report(60);
        assertThat(report.minutes()).isEqualTo(60);
        assertThat(report.fetches()).isEqualTo(420);
        assertThat(report.residentMegabytes()).hasSize(60).startsWith(1.0, 2.0).endsWith(60.0);
        assertThat(report.first()).isEqualTo(new SoakReport.Held(5.5, 0.55, 25.5, 50));
        assertThat(report.last()).isEqualTo(new SoakReport.Held(55.5, 5.55, 75.5, 50));
    }

    @Test
    void of_threeMinutes_comparesTwoAndTwo() {
        assertThat(report(3).first().residentMegabytes()).isEqualTo(1.5);
        assertThat(report(3).last().residentMegabytes()).isEqualTo(2.5);
    }

    @Test
    void of_oneMinute_isBothFirstAndLast() {
        assertThat(report(1).first()).isEqualTo(report(1).last());
        assertThat(report(1).lines()).hasSize(6);
    }
}
