package io.runnel.fetch;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceInfo;
import java.time.Duration;

/**
 * Hears what happens to the blobs of a client, one call at a time, on the callback executor of the client. A fetch lasts
 * from the opening of a blob to its close: for each {@link #started} there is exactly one {@link #finished}, and no call
 * for that blob after it. What a call throws is logged, the first time as a warning, and the next call comes all the same.
 */
public interface FetchListener {
    /**
     * A blob was opened: its key and size are known.
     *
     * @param plaintextBytes length of the plaintext
     */
    default void started(BlobId blob, long plaintextBytes) {}

    /** A source is ready to deliver. */
    default void sourceJoined(BlobId blob, SourceInfo source) {}

    /**
     * A source is gone: of itself, because it was dropped, or because the fetch is over. For each {@link #sourceJoined}
     * there is one such call, before {@link #finished}, with one exception: of one that came and went without delivering anything while
     * more than a thousand events waited for this listener to return, neither call is made.
     */
    default void sourceLeft(BlobId blob, SourceInfo source) {}

    /**
     * These groups came from the source, were proven against the blob's id and are in the store. Several pieces may be one
     * call, and one piece several.
     */
    default void verified(BlobId blob, GroupRange groups, SourceInfo source) {}

    /**
     * The source delivered bytes that are not the blob's, or broke the protocol. A peer is dropped for the session at
     * the first such event; what it should have delivered is fetched elsewhere.
     *
     * @param what happened, for people
     */
    default void rejected(BlobId blob, SourceInfo source, String what) {}

    /**
     * A reader had to wait in the middle of the blob, as {@link Stalls} counts it. Stalls that nobody could be told of
     * while an earlier call of this listener lasted are one call.
     *
     * @param waited how long
     */
    default void stalled(BlobId blob, Duration waited) {}

    /**
     * The app server revoked this client while the blob was open: its key is wiped, it is shared no more, and every read
     * of it fails with {@code KEY_REVOKED}. {@link #finished} follows.
     */
    default void revoked(BlobId blob) {}

    /** The blob was closed. */
    default void finished(BlobId blob, FetchStats stats) {}
}
