package io.runnel.devserver;

import io.runnel.crypto.BlobId;

/**
 * What the catalog says of a blob. It holds no key.
 *
 * @param blobId the blob's name
 * @param bucket the first part of its path on the origin
 * @param key the second part: its place in the bucket; the outboard is beside it with {@code .obao4} appended
 * @param sizeBytes length of the blob, nonce and tag included: {@code plaintextBytes + 40}
 * @param plaintextBytes length of what was ingested, 0 or more
 * @param name the ingested file's name, without folders
 * @param contentType its media type
 * @param keyCommitment binds the blob to its key without telling it: 64 lower-case hexadecimal digits
 * @param collection which collection it belongs to
 */
public record CatalogRecord(
        BlobId blobId,
        String bucket,
        String key,
        long sizeBytes,
        long plaintextBytes,
        String name,
        String contentType,
        String keyCommitment,
        String collection) {
    /** Rejects lengths that do not fit together. */
    public CatalogRecord {
        if (plaintextBytes < 0 || sizeBytes != plaintextBytes + Catalog.OVERHEAD_BYTES) {
            throw new IllegalArgumentException("sizeBytes: " + sizeBytes + ", must be plaintextBytes + 40");
        }
    }
}
