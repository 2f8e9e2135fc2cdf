package io.runnel.store;

import io.runnel.crypto.BlobId;
import java.io.IOException;

/**
 * Keeps the proven ciphertext of blobs. Handed to the {@code Runnel} builder, which owns it from then on and closes it.
 * Safe for use on any thread; methods may block on a disk. {@code BlobStoreContract} checks every implementation.
 */
public interface BlobStore extends AutoCloseable {
    /**
     * Opens what is kept of a blob, or starts keeping it. A blob may be open several times at once; all see the same.
     *
     * @param sizeBytes the blob's length, authenticated, at least 40. What was kept under another size is dropped
     * @throws IOException if the store fails, is closed, or has the blob open with another size
     */
    StoredBlob open(BlobId id, long sizeBytes) throws IOException;

    /** Writes down what is held and releases everything; open blobs fail from then on. Idempotent. */
    @Override
    void close() throws IOException;
}
