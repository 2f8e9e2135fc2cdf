package io.runnel.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.cli.client.GetReport;
import io.runnel.crypto.BlobId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoReportTest {
    private static final long BOUND = 16 << 20;

    private static DemoReport report(long sizeBytes, Map<String, Long> bytesBySource) {
        GetReport viewer = get(sizeBytes, bytesBySource, 0, List.of());
        GetReport liedTo = get(sizeBytes, Map.of("peer:b", sizeBytes), 1, List.of("peer:a"));
        return DemoReport.of(
                Path.of("film"),
                sizeBytes,
                BlobId.of(new byte[32]),
                new DemoReport.Acts(
                        new FetchAct(true, viewer),
                        new LiarAct(true, "peer:a", liedTo),
                        new RevocationAct("KEY_REVOKED", 10, 5000)),
                1);
    }

    private static GetReport get(long sizeBytes, Map<String, Long> bytesBySource, long rejected, List<String> liars) {
        return new GetReport("id", "out", sizeBytes, 5, 3, 2.5, 0, bytesBySource, 0, rejected, liars, 0, 0.5, 1000);
    }

    @Test
    void passed_peersDelivered_whateverTheSize() {
        assertThat(report(BOUND, Map.of("origin:a", BOUND, "peer:a", 1L)).passed())
                .isTrue();
        assertThat(report(1, Map.of("peer:a", 41L)).passed()).isTrue();
    }

    @Test
    void passed_originDeliveredASmallFileAlone_saysWhy() {
        DemoReport report = report(BOUND - 1, Map.of("origin:a", BOUND));
        assertThat(report.passed()).isTrue();
        assertThat(report.lines()).anyMatch(line -> line.contains("before a peer was connected"));
    }

    @Test
    void passed_originDeliveredALargeFileAlone_isFalse() {
        DemoReport report = report(BOUND, Map.of("origin:a", BOUND, "peer:a", 0L));
        assertThat(report.passed()).isFalse();
        assertThat(report.lines()).anyMatch(line -> line.contains("PEERS DELIVERED NOTHING"));
    }
}
