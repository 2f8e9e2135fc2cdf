package io.runnel.store;

import io.runnel.crypto.BlobId;
import java.io.IOException;

/**
 * Keeps the proven ciphertext of blobs. Handed to the {@code Runnel} builder, which owns it from then on and closes it.
 * Safe for use on any thread; methods may block on a disk. {@code BlobStoreContract} checks every implementation.
 *
 * <p>A store has a bound in bytes on what it keeps of all blobs together. Where that is reached it drops what was used
 * longest ago, by a put or a read, save what is pinned.
 */
public interface BlobStore extends AutoCloseable {
    /**
     * Opens what is kept of a blob, or starts keeping it. A blob may be open several times at once; all see the same.
     *
     * @param sizeBytes the blob's length, authenticated, at least 40. What was kept under another size is dropped
     * @throws IOException if the store fails, is closed, or has the blob open with another size
     */
    StoredBlob open(BlobId id, long sizeBytes) throws IOException;

    /**
     * How much all pins together may cover so that nothing they cover is dropped to make room, in bytes. Each pin counts
     * with every mebibyte of its blob that it touches: 64 groups, from a multiple of 64 on. No less than 3 MiB, and always
     * the same. An engine lets its readers together want no more than this, so that none pushes out what another is
     * about to read.
     */
    long pinnableBytes();

    /** Writes down what is held and releases everything; open blobs fail from then on. Idempotent. */
    @Override
    void close() throws IOException;
}
