package io.runnel.cli.demo;

import io.runnel.cli.client.GetReport;
import io.runnel.cli.report.Report;
import io.runnel.cli.report.Units;
import io.runnel.crypto.BlobId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the demonstration saw. The figures of the fetch are those of the first act.
 *
 * @param passed whether every act showed what it should
 * @param sha256Match whether both viewers wrote the input's bytes
 * @param offload proven bytes from peers over all that sources delivered, 0 to 1
 * @param timeToFirstByteMillis from the call of open to the first plaintext byte
 * @param megabytesPerSecond plaintext over the time from the call of open to the last byte written
 * @param rejectedGroups chunk groups that were not the blob's, in all acts
 * @param bytesBySource proven bytes of the blob by who delivered them
 * @param cpuSeconds of the viewer's process, its start included
 * @param peakResidentBytes of the viewer's process
 * @param elapsedMillis of the whole demonstration
 */
public record DemoReport(
        boolean passed,
        String file,
        long sizeBytes,
        String blob,
        boolean sha256Match,
        double offload,
        long timeToFirstByteMillis,
        double megabytesPerSecond,
        long rejectedGroups,
        Map<String, Long> bytesBySource,
        double cpuSeconds,
        long peakResidentBytes,
        long elapsedMillis,
        Acts acts)
        implements Report {
    /** What each act saw. */
    public record Acts(FetchAct fetch, LiarAct liar, RevocationAct revocation) {
        boolean match() {
            return fetch.sha256Match() && liar.sha256Match();
        }
    }

    static DemoReport of(Path file, long sizeBytes, BlobId blob, Acts acts, long elapsedNanos) {
        GetReport get = acts.fetch().get();
        return new DemoReport(
                acts.match()
                        && acts.fetch().peersHelped()
                        && acts.liar().caught()
                        && acts.revocation().held(),
                file.toString(),
                sizeBytes,
                blob.toString(),
                acts.match(),
                get.offload(),
                get.timeToFirstByteMillis(),
                get.megabytesPerSecond(),
                get.rejectedGroups() + acts.liar().get().rejectedGroups(),
                get.bytesBySource(),
                get.cpuSeconds(),
                get.peakResidentBytes(),
                Duration.ofNanos(elapsedNanos).toMillis(),
                acts);
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        bytesBySource.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> lines.add(row(entry.getKey(), Units.bytes(entry.getValue()))));
        lines.add(row("offload", acts.fetch().offload()));
        lines.add(row("time to first byte", timeToFirstByteMillis + " ms"));
        lines.add(row("rate", "%.1f MB/s".formatted(megabytesPerSecond)));
        lines.add(row("viewer's CPU time", "%.1f s".formatted(cpuSeconds)));
        lines.add(row("viewer's memory, peak", Units.bytes(peakResidentBytes)));
        lines.add(row(
                "groups rejected",
                acts.fetch().get().rejectedGroups() + " in act 1, "
                        + acts.liar().get().rejectedGroups() + " in act 2"));
        lines.add(row("SHA-256 of what came", sha256Match ? "the input's, in both fetches" : "DIFFERS"));
        lines.add(row("the liar", acts.liar().caught() ? acts.liar().liar() + ", dropped" : "NOT CAUGHT"));
        lines.add(row(
                "the revoked client",
                acts.revocation().result() + " after " + acts.revocation().millis() + " ms"));
        lines.add(row("whole demonstration", "%.1f s".formatted(elapsedMillis / 1000.0)));
        lines.add(passed ? "passed" : "FAILED: the lines in capitals say where");
        return lines;
    }

    private static String row(String name, String value) {
        return "  %-34s %s".formatted(name, value);
    }
}
