package io.runnel.cli;

import io.runnel.cli.report.Report;
import io.runnel.sim.SimReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a simulated swarm showed.
 *
 * @param offload groups from peers over all groups that were delivered and right, 0 to 1
 * @param originCopies bytes from the origin over the length of the stream
 * @param stalls how often a player that had begun had to wait
 * @param stallMillis for how long, all together
 * @param startupMillisMedian from joining to playing
 * @param originOnlyStartupMillisMedian the same with the origin alone
 * @param originOnlyStalls stalls with the origin alone
 * @param wasted groups that came for nothing over those that were delivered and right
 * @param traceHash of who got which group when, from whom
 * @param originReasons groups from the origin, by why it was asked
 * @param viewers how many came in all
 * @param cpuMicrosPerPeerSecond processor time for each viewer and simulated second, with peers
 * @param csv the file with the course over time
 * @param plot the file with the plot of it
 */
record SimulationReport(
        String scenario,
        int peers,
        long seed,
        long durationMillis,
        double offload,
        double originCopies,
        int stalls,
        long stallMillis,
        double startupMillisMedian,
        double originOnlyStartupMillisMedian,
        int originOnlyStalls,
        double wasted,
        String traceHash,
        Map<String, Long> originReasons,
        int viewers,
        long elapsedMillis,
        double cpuMicrosPerPeerSecond,
        String csv,
        String plot)
        implements Report {

    /** What the run with peers took. */
    record Cost(long elapsedNanos, double cpuSeconds) {}

    /** Where its course was written. */
    record Files(Path csv, Path plot) {}

    static SimulationReport of(SimReport report, SimReport originOnly, Cost cost, Files files) {
        double peerSeconds = report.scenario().peers() * report.scenario().durationMillis() / 1000.0;
        return new SimulationReport(
                report.scenario().kind().label(),
                report.scenario().peers(),
                report.scenario().seed(),
                report.scenario().durationMillis(),
                report.offload(),
                report.originCopies(),
                report.stalls(),
                report.stallMillis(),
                report.startupMillisMedian(),
                originOnly.startupMillisMedian(),
                originOnly.stalls(),
                report.wasted(),
                report.traceHash(),
                report.originReasons(),
                report.viewers(),
                Duration.ofNanos(cost.elapsedNanos()).toMillis(),
                cost.cpuSeconds() * 1e6 / peerSeconds,
                files.csv().toString(),
                files.plot().toString());
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line("scenario", "%s, %d peers, %d s, seed %d", scenario, peers, durationMillis / 1000, seed));
        lines.add(line("viewers", "%d", viewers));
        lines.add(line("offload", "%.4f", offload));
        lines.add(line("origin copies", "%.2f", originCopies));
        lines.add(line("stalls", "%d (%d ms); origin alone: %d", stalls, stallMillis, originOnlyStalls));
        lines.add(line(
                "median startup",
                "%.0f ms; origin alone: %.0f ms",
                startupMillisMedian,
                originOnlyStartupMillisMedian));
        lines.add(line("wasted", "%.4f", wasted));
        lines.add(line("origin asked for", "%s (groups of 16 KiB)", originReasons));
        lines.add(line("trace", "%s", traceHash));
        lines.add(line("took", "%.1f s, %.0f us/peer/s", elapsedMillis / 1000.0, cpuMicrosPerPeerSecond));
        lines.add(line("course", "%s, %s", csv, plot));
        return lines;
    }

    private static String line(String name, String format, Object... values) {
        return String.format(Locale.ROOT, "%-17s", name) + String.format(Locale.ROOT, format, values);
    }
}
