package io.runnel.cli;

import io.runnel.cli.report.Report;
import io.runnel.cli.report.Units;
import io.runnel.devserver.CatalogRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What was published.
 *
 * @param blobs one for each file, in the order given
 */
record IngestReport(List<Item> blobs) implements Report {
    /**
     * One file published.
     *
     * @param sizeBytes length of the plaintext
     * @param blobSizeBytes length of the blob, nonce and tag included
     * @param originPath the blob's path on the origin; its hash tree is beside it with {@code .obao4} appended
     * @param megabytesPerSecond plaintext over the elapsed time
     */
    record Item(
            String blob,
            String file,
            long sizeBytes,
            long blobSizeBytes,
            String originPath,
            long elapsedMillis,
            double megabytesPerSecond) {
        static Item of(Path file, CatalogRecord record, long elapsedNanos) {
            return new Item(
                    record.blobId().toString(),
                    file.toString(),
                    record.plaintextBytes(),
                    record.sizeBytes(),
                    "/" + record.bucket() + "/" + record.key(),
                    Duration.ofNanos(elapsedNanos).toMillis(),
                    Units.megabytesPerSecond(record.plaintextBytes(), elapsedNanos));
        }
    }

    @Override
    public List<String> lines() {
        return blobs.stream().map(item -> item.blob() + "  " + item.file()).toList();
    }
}
