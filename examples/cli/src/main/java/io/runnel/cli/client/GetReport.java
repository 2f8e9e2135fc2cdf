package io.runnel.cli.client;

import io.runnel.cli.report.Report;
import io.runnel.cli.report.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a download did.
 *
 * @param blob the blob's id
 * @param output the file written
 * @param sizeBytes length of the plaintext
 * @param elapsedMillis from the call of open to the last byte written
 * @param timeToFirstByteMillis from the call of open to the first plaintext byte; of an empty blob, to its end
 * @param megabytesPerSecond plaintext over the elapsed time, 1 MB = 1,000,000 bytes
 * @param offload proven bytes from peers over all that sources delivered, 0 to 1
 * @param bytesBySource proven bytes of the blob by who delivered them
 * @param bytesFromStore bytes that an earlier, interrupted get had left
 * @param rejectedGroups chunk groups that were not the blob's
 * @param rejectedSources who delivered them
 * @param wastedBytes bytes that came though they were no longer needed, or were rejected
 * @param cpuSeconds of the whole process, its start included
 * @param peakResidentBytes of the whole process
 */
public record GetReport(
        String blob,
        String output,
        long sizeBytes,
        long elapsedMillis,
        long timeToFirstByteMillis,
        double megabytesPerSecond,
        double offload,
        Map<String, Long> bytesBySource,
        long bytesFromStore,
        long rejectedGroups,
        List<String> rejectedSources,
        long wastedBytes,
        double cpuSeconds,
        long peakResidentBytes)
        implements Report {
    /** Keeps copies of the collections. */
    public GetReport {
        bytesBySource = Map.copyOf(bytesBySource);
        rejectedSources = List.copyOf(rejectedSources);
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("%s: %s in %.2f s (%.1f MB/s, first byte after %d ms)"
                .formatted(
                        output,
                        Units.bytes(sizeBytes),
                        elapsedMillis / 1000.0,
                        megabytesPerSecond,
                        timeToFirstByteMillis));
        bytesBySource.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> lines.add("  %-32s %s".formatted(entry.getKey(), Units.bytes(entry.getValue()))));
        if (bytesFromStore > 0) {
            lines.add("  %-32s %s".formatted("kept from an earlier run", Units.bytes(bytesFromStore)));
        }
        if (rejectedGroups > 0) {
            lines.add("  rejected %d groups of 16 KiB from %s".formatted(rejectedGroups, rejectedSources));
        }
        lines.add("  offload %.1f %%".formatted(100 * offload));
        return lines;
    }
}
