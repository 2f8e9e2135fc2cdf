package io.runnel.cli.client;

import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.cli.report.ResourceUse;
import io.runnel.cli.report.Units;
import io.runnel.crypto.BlobId;
import io.runnel.fetch.DownloadProgress;
import io.runnel.fetch.FetchStats;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** One download of a blob's plaintext to a file. */
final class Download {
    private static final long INTERVAL_NANOS = Duration.ofMillis(200).toNanos();

    private final Runnel runnel;
    private final BlobId id;
    private final Path output;
    private final Supplier<List<String>> liars;

    Download(Runnel runnel, BlobId id, Path output, Supplier<List<String>> liars) {
        this.runnel = runnel;
        this.id = id;
        this.output = output;
        this.liars = liars;
    }

    GetReport run(FetchProgress progress) throws IOException {
        long started = System.nanoTime();
        try (Blob blob = runnel.open(id)) {
            blob.downloadTo(output, throttled(progress, blob));
            return report(blob.size(), System.nanoTime() - started, blob.stats());
        }
    }

    private static DownloadProgress throttled(FetchProgress progress, Blob blob) {
        long[] last = {System.nanoTime()};
        return (doneBytes, totalBytes) -> {
            long now = System.nanoTime();
            if (now - last[0] >= INTERVAL_NANOS || doneBytes == totalBytes) {
                last[0] = now;
                progress.at(doneBytes, totalBytes, blob.stats());
            }
        };
    }

    private GetReport report(long sizeBytes, long elapsedNanos, FetchStats totals) {
        Duration elapsed = Duration.ofNanos(elapsedNanos);
        ResourceUse use = ResourceUse.ofThisProcess();
        return new GetReport(
                id.toString(),
                output.toString(),
                sizeBytes,
                elapsed.toMillis(),
                totals.timeToFirstByte().orElse(elapsed).toMillis(),
                Units.megabytesPerSecond(sizeBytes, elapsedNanos),
                Units.round(totals.offload(), 4),
                Sources.byId(totals),
                totals.bytesFromStore(),
                totals.rejectedGroups(),
                liars.get(),
                totals.wastedBytes(),
                use.cpuSeconds(),
                use.peakResidentBytes());
    }
}
