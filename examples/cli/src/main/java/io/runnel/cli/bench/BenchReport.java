package io.runnel.cli.bench;

import io.runnel.cli.report.Report;
import io.runnel.cli.report.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a benchmark measured: medians over its rounds.
 *
 * @param sizeBytes length of each file fetched
 * @param seeders by the number of seeding processes
 * @param httpOnly a viewer without peers, from the origin over HTTPS; raw is the JDK's HTTP client getting
 *     the ciphertext to a file
 */
public record BenchReport(
        Machine machine, long sizeBytes, int rounds, Map<String, SwarmFigures> seeders, SwarmFigures httpOnly)
        implements Report {
    private static final String ROW = "  %-12s %8s %11s %6s %11s %6s %11s %6s %9s %9s %8s %11s %12s %12s";

    /** Keeps a copy of the map, in order. */
    public BenchReport {
        seeders = new TreeMap<>(seeders);
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(machine.toString());
        lines.add("%s, medians of %d rounds".formatted(Units.bytes(sizeBytes), rounds));
        lines.add(ROW.formatted(
                "seeders",
                "raw MB/s",
                "fetch MB/s",
                "ratio",
                "cold MB/s",
                "ratio",
                "steady MB/s",
                "ratio",
                "1st ms",
                "cold ms",
                "raw CPU",
                "viewer CPU",
                "seeders CPU",
                "viewer peak"));
        seeders.forEach((count, figures) -> lines.add(row(count, figures)));
        lines.add(row("HTTPS only", httpOnly));
        return lines;
    }

    private static String row(String name, SwarmFigures figures) {
        return ROW.formatted(
                name,
                "%.1f".formatted(figures.rawMegabytesPerSecond()),
                "%.1f".formatted(figures.fetchMegabytesPerSecond()),
                "%.2f".formatted(figures.ratioToRaw()),
                "%.1f".formatted(figures.coldFetchMegabytesPerSecond()),
                "%.2f".formatted(figures.coldRatioToRaw()),
                "%.1f".formatted(figures.steadyFetchMegabytesPerSecond()),
                "%.2f".formatted(figures.steadyRatioToRaw()),
                "%.0f".formatted(figures.timeToFirstByteMillis()),
                "%.0f".formatted(figures.coldTimeToFirstByteMillis()),
                "%.1f s".formatted(figures.rawCpuSeconds()),
                "%.1f s".formatted(figures.viewerCpuSeconds()),
                "%.1f s".formatted(figures.seederCpuSeconds()),
                Units.bytes((long) figures.viewerPeakResidentBytes()));
    }
}
