package io.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.cli.bench.BenchReport;
import io.runnel.cli.bench.SoakReport;
import io.runnel.cli.bench.SwarmFigures;
import io.runnel.cli.client.GetReport;
import io.runnel.cli.demo.DemoReport;
import io.runnel.cli.report.Json;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The names that scripts rely on. Adding one is fine; a change here is a change of the interface. */
class JsonNamesTest {
    private static Stream<String> names(Class<?> report) {
        return Stream.of(report.getRecordComponents()).map(RecordComponent::getName);
    }

    @Test
    void demo_namesAreStable() {
        assertThat(names(DemoReport.class))
                .contains(
                        "passed",
                        "sha256Match",
                        "offload",
                        "timeToFirstByteMillis",
                        "megabytesPerSecond",
                        "rejectedGroups",
                        "bytesBySource",
                        "cpuSeconds",
                        "acts");
        assertThat(names(DemoReport.Acts.class)).containsExactly("fetch", "liar", "revocation");
    }

    @Test
    void bench_namesAreStable() {
        assertThat(names(BenchReport.class)).contains("machine", "sizeBytes", "rounds", "seeders", "httpOnly");
        assertThat(names(SwarmFigures.class))
                .contains(
                        "rawMegabytesPerSecond",
                        "fetchMegabytesPerSecond",
                        "ratioToRaw",
                        "coldFetchMegabytesPerSecond",
                        "coldRatioToRaw",
                        "steadyFetchMegabytesPerSecond",
                        "steadyRatioToRaw",
                        "viewerCpuSeconds",
                        "viewerPeakResidentBytes",
                        "seederCpuSeconds");
    }

    @Test
    void benchSoak_namesAreStable() {
        assertThat(names(SoakReport.class))
                .contains(
                        "machine",
                        "sizeBytes",
                        "oneClient",
                        "pauseMillis",
                        "minutes",
                        "fetches",
                        "residentMegabytes",
                        "heapMegabytes",
                        "threads",
                        "descriptors",
                        "first",
                        "last");
        assertThat(names(SoakReport.Held.class))
                .containsExactly("residentMegabytes", "heapMegabytes", "threads", "descriptors");
    }

    @Test
    void sim_namesAreStable() {
        assertThat(names(SimulationReport.class))
                .contains(
                        "offload",
                        "originCopies",
                        "stalls",
                        "stallMillis",
                        "startupMillisMedian",
                        "originOnlyStartupMillisMedian",
                        "originOnlyStalls",
                        "wasted",
                        "traceHash",
                        "originReasons",
                        "viewers",
                        "elapsedMillis",
                        "cpuMicrosPerPeerSecond");
    }

    @Test
    void get_isWrittenWithTheNamesOfItsComponents() {
        GetReport report = new GetReport(
                "id", "out", 10, 5, 3, 2.5, 1, Map.of("peer:a", 50L), 0, 1, List.of("peer:b"), 16384, 0.5, 1000);
        assertThat(Json.write(report))
                .isEqualTo("{\"blob\":\"id\",\"output\":\"out\",\"sizeBytes\":10,\"elapsedMillis\":5,"
                        + "\"timeToFirstByteMillis\":3,\"megabytesPerSecond\":2.5,\"offload\":1.0,"
                        + "\"bytesBySource\":{\"peer:a\":50},\"bytesFromStore\":0,\"rejectedGroups\":1,"
                        + "\"rejectedSources\":[\"peer:b\"],\"wastedBytes\":16384,\"cpuSeconds\":0.5,"
                        + "\"peakResidentBytes\":1000}");
        assertThat(Json.read(Json.write(report), GetReport.class)).isEqualTo(report);
    }
}
