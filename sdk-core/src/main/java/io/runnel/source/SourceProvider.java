package io.runnel.source;

/**
 * Finds sources for blobs: an HTTP origin has one for each blob, a swarm has its peers, who come and go. Handed to the
 * {@code Runnel} builder, which owns it from then on and closes it.
 */
public interface SourceProvider extends AutoCloseable {
    /** The kind of all sources this provider finds. */
    SourceInfo.Kind kind();

    /**
     * Starts finding sources for a blob, and serving what the engine holds of it where the provider does that.
     *
     * <p>Returns at once. {@code listener} is called from the provider's threads, one call at a time, until the
     * subscription is closed; closing it detaches all sources of this blob and ends their transfers. Must not throw: the
     * engine goes on without a provider that does.
     */
    SharedBlob.Subscription attach(SharedBlob blob, Listener listener);

    /** Leaves every swarm, ends every transfer and thread within 2 s. Idempotent. */
    @Override
    void close();

    /** Hears of sources of one blob. Implementations return quickly and do not throw. */
    interface Listener {
        /** Whether sources may come at all from now on, so that it is worth waiting for one; true where nothing is said. */
        default void sourcesMayCome(boolean may) {
            // Who never waits for a source has nothing to do.
        }

        /** A source is ready to be asked. */
        void joined(BlobSource source);

        /** What the source says it holds has changed. */
        void availabilityChanged(BlobSource source);

        /** The source is gone; its transfers have ended or will at once. */
        void left(BlobSource source);

        /**
         * The source was caught breaking the protocol in a way that is proof of ill will or a broken build: unasked
         * bytes, malformed frames. A {@code left} follows.
         */
        void misbehaved(SourceInfo source, String what);

        /**
         * Bytes came that are of no use: of transfers that had ended, as where they were under way when one was cancelled.
         *
         * @param bytes so many, which count as wasted
         */
        default void late(long bytes) {
            // Whose transfers bring nothing once they have ended has nothing to say.
        }

        /** The tracker gave this member a place in the blob's swarm, or another than before. */
        default void seated(Seat seat) {}
    }

    /**
     * The engine proved that this source lied about a blob's bytes, and asks it for nothing of that blob any more. A peer:
     * drop it and do not connect to it again in this session. An origin: it may still serve other blobs. Called from any
     * thread, returns at once.
     */
    void ban(SourceInfo source);
}
