package io.runnel.cli;

import io.runnel.cli.report.Report;
import io.runnel.devserver.CatalogRecord;
import java.util.List;

/**
 * What the catalog says of a blob.
 *
 * @param sizeBytes length of the plaintext
 * @param blobSizeBytes length of the blob, nonce and tag included
 * @param groups number of chunk groups of 16 KiB
 * @param originPath the blob's path on the origin; its hash tree is beside it with {@code .obao4} appended
 */
record InfoReport(
        String blob,
        String name,
        long sizeBytes,
        long blobSizeBytes,
        long groups,
        String contentType,
        String collection,
        String originPath,
        String keyCommitment)
        implements Report {
    private static final int GROUP_BYTES = 1 << 14;

    static InfoReport of(CatalogRecord record) {
        return new InfoReport(
                record.blobId().toString(),
                record.name(),
                record.plaintextBytes(),
                record.sizeBytes(),
                (record.sizeBytes() + GROUP_BYTES - 1) / GROUP_BYTES,
                record.contentType(),
                record.collection(),
                "/" + record.bucket() + "/" + record.key(),
                record.keyCommitment());
    }

    @Override
    public List<String> lines() {
        return List.of(
                "blob            " + blob,
                "name            " + name,
                "plaintext       " + sizeBytes + " bytes, " + contentType,
                "blob            " + blobSizeBytes + " bytes, " + groups + " groups of 16 KiB",
                "collection      " + collection,
                "on the origin   " + originPath + " and " + originPath + ".obao4",
                "key commitment  " + keyCommitment);
    }
}
