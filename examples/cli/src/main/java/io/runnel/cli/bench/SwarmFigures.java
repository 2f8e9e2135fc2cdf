package io.runnel.cli.bench;

import io.runnel.cli.report.Units;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Medians of the rounds with one number of seeders. A fetch's rate is plaintext over the time from the call of open to the
 * last byte in the file, connecting included. A cold fetch is the first of a viewer's process; those without a word are
 * the second, of another blob of the same size; steady are those that follow, each by a new client. Raw channels have carried as many bytes before too. Ratios are medians of the rounds'
 * own, since what else the machine does falls on both sides of one round.
 *
 * @param rawMegabytesPerSecond the way with nothing of Runnel on top: data channels between processes, one from each
 *     sender; for a fetch over HTTPS, the JDK's HTTP client
 * @param fetchMegabytesPerSecond a viewer's second fetch
 * @param ratioToRaw the second fetch's rate over the raw one of its round
 * @param coldFetchMegabytesPerSecond a viewer's first fetch
 * @param coldRatioToRaw the first fetch's rate over the raw one of its round
 * @param steadyFetchMegabytesPerSecond the median of a viewer's fetches after its second
 * @param steadyRatioToRaw the same over the raw rate of its round
 * @param afterFirstByteMegabytesPerSecond of the second fetch, without the time to its first byte
 * @param timeToFirstByteMillis of the second fetch
 * @param coldTimeToFirstByteMillis of the first fetch
 * @param rawCpuSeconds of the raw channels' processes at both ends together; of the HTTP client
 * @param viewerCpuSeconds of the viewer during the second fetch
 * @param seederCpuSeconds of all seeders together during the second fetch
 * @param coldViewerCpuSeconds of the viewer from its process's start to the end of the first fetch
 * @param viewerPeakResidentBytes the viewer's resident memory at its highest
 */
public record SwarmFigures(
        double rawMegabytesPerSecond,
        double fetchMegabytesPerSecond,
        double ratioToRaw,
        double coldFetchMegabytesPerSecond,
        double coldRatioToRaw,
        double steadyFetchMegabytesPerSecond,
        double steadyRatioToRaw,
        double afterFirstByteMegabytesPerSecond,
        double timeToFirstByteMillis,
        double coldTimeToFirstByteMillis,
        double rawCpuSeconds,
        double viewerCpuSeconds,
        double seederCpuSeconds,
        double coldViewerCpuSeconds,
        double viewerPeakResidentBytes) {
    static SwarmFigures of(List<Round> rounds) {
        Figures of = new Figures(rounds);
        return new SwarmFigures(
                of.median(round -> round.raw().megabytesPerSecond(), 2),
                of.median(round -> round.fetch().warm().megabytesPerSecond(), 2),
                of.median(round -> round.ratioToRaw(round.fetch().warm()), 3),
                of.median(round -> round.fetch().cold().megabytesPerSecond(), 2),
                of.median(round -> round.ratioToRaw(round.fetch().cold()), 3),
                of.median(round -> round.fetch().steadyMegabytesPerSecond(), 2),
                of.median(Round::steadyRatioToRaw, 3),
                of.median(round -> round.fetch().afterFirstByteMegabytesPerSecond(), 2),
                of.median(round -> round.fetch().warm().timeToFirstByteMillis(), 0),
                of.median(round -> round.fetch().cold().timeToFirstByteMillis(), 0),
                of.median(round -> round.raw().cpuSeconds(), 2),
                of.median(round -> round.fetch().viewerCpuSeconds(), 2),
                of.median(round -> round.fetch().seederCpuSeconds(), 2),
                of.median(round -> round.fetch().cold().cpuSeconds(), 2),
                of.median(round -> round.fetch().warm().peakResidentBytes(), 0));
    }

    private record Figures(List<Round> rounds) {
        double median(ToDoubleFunction<Round> figure, int digits) {
            return Units.round(Medians.of(rounds, figure), digits);
        }
    }
}
