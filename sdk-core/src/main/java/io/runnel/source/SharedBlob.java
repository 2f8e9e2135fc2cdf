package io.runnel.source;

import io.runnel.crypto.BlobId;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What a provider of sources may know and pass on of a blob the engine has open: its shape and the proven ciphertext in
 * the store. Every method may be called from any thread.
 */
public interface SharedBlob {
    /** The blob's name. */
    BlobId id();

    /** The blob's length in bytes, nonce and tag included; authenticated. */
    long sizeBytes();

    /**
     * The groups that are proven and in the store now; none where the blob is not to be shared, since nobody reads it and
     * it is not seeded.
     */
    GroupSet held();

    /**
     * Calls {@code listener} after each change of {@link #held}, from a thread of the engine; it must return quickly.
     *
     * @return closes the subscription
     */
    Subscription onHeldChanged(Consumer<GroupSet> listener);

    /**
     * Reads proven ciphertext.
     *
     * @param groups not empty, within the blob, at most 1,024 groups
     * @return the bytes, owned by the caller; an empty buffer where not all of it is held any more; fails with an
     *     {@link java.io.IOException} where the store does
     */
    CompletableFuture<ByteBuffer> readGroups(GroupRange groups);

    /**
     * Reads a proven stretch of the outboard.
     *
     * @param offset in bytes, a multiple of 64
     * @param length in bytes, a positive multiple of 64, at most {@link BlobSource#MAX_TREE_BYTES}
     * @return as {@link #readGroups}
     */
    CompletableFuture<ByteBuffer> readTree(long offset, int length);

    /** Something to take back. */
    interface Subscription extends AutoCloseable {
        /** Idempotent; no call follows once it returns, but one may be under way on another thread. */
        @Override
        void close();
    }
}
