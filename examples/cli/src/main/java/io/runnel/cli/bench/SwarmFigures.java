package io.runnel.cli.bench;

import io.runnel.cli.report.Units;
import java.time.Duration;
import java.util.List;

/**
 * Medians of the rounds with one number of seeders.
 *
 * @param rawMegabytesPerSecond data channels between processes with nothing on top, one from each sender
 * @param fetchMegabytesPerSecond a viewer's fetch: from the call of open to the last plaintext byte in the file
 * @param ratioToRaw the fetch's rate over the raw one
 * @param afterFirstByteMegabytesPerSecond the same without the time to the first byte, in which the client connects
 * @param timeToFirstByteMillis of the fetch
 * @param viewerCpuSeconds of the viewer's process, its start included
 * @param viewerPeakResidentBytes the viewer's resident memory at its highest
 * @param seederCpuSeconds of all seeders together during the fetch
 */
public record SwarmFigures(
        double rawMegabytesPerSecond,
        double fetchMegabytesPerSecond,
        double ratioToRaw,
        double afterFirstByteMegabytesPerSecond,
        double timeToFirstByteMillis,
        double viewerCpuSeconds,
        double viewerPeakResidentBytes,
        double seederCpuSeconds) {
    static SwarmFigures of(List<Double> raw, List<FetchRound> fetches) {
        double rawRate = Medians.of(raw, Double::doubleValue);
        double fetchRate = Medians.of(fetches, round -> round.get().megabytesPerSecond());
        return new SwarmFigures(
                Units.round(rawRate, 2),
                Units.round(fetchRate, 2),
                rawRate == 0 ? 0 : Units.round(fetchRate / rawRate, 3),
                Units.round(Medians.of(fetches, SwarmFigures::afterFirstByte), 2),
                Medians.of(fetches, round -> round.get().timeToFirstByteMillis()),
                Units.round(Medians.of(fetches, round -> round.get().cpuSeconds()), 2),
                Medians.of(fetches, round -> round.get().peakResidentBytes()),
                Units.round(Medians.of(fetches, FetchRound::seederCpuSeconds), 2));
    }

    private static double afterFirstByte(FetchRound round) {
        long millis = round.get().elapsedMillis() - round.get().timeToFirstByteMillis();
        return Units.megabytesPerSecond(
                round.get().sizeBytes(), Duration.ofMillis(millis).toNanos());
    }
}
