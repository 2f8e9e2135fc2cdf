package io.runnel.keys;

import io.runnel.crypto.BlobId;
import java.util.concurrent.CompletableFuture;

/**
 * Where the keys of blobs come from: in production the keys channel, which opens epoch envelopes. Handed to the
 * {@code Runnel} builder, which owns it from then on and closes it.
 */
public interface KeySource extends AutoCloseable {
    /**
     * Obtains the key and the authenticated size of a blob. Returns at once, on any thread.
     *
     * @return the grant, owned by the caller, who closes it; or fails with a {@link KeyException}. Whatever else it fails
     *     with, and what this method throws, is to the app {@code KEY_UNAVAILABLE} with that as its cause
     */
    CompletableFuture<BlobGrant> grant(BlobId id);

    /**
     * Calls {@code action} once, from any thread, if this client is revoked; at once where it already is. All keys of
     * this source have been wiped by then, and every later {@link #grant} fails with {@code REVOKED}.
     */
    void onRevoked(Runnable action);

    /** Wipes all keys and ends the channel within 2 s; idempotent. Pending grants fail with {@code CLOSED}. */
    @Override
    void close();
}
