package io.runnel.source;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * One party that can deliver the bytes of one blob: the origin, or a peer. Nothing it delivers is believed: the engine
 * proves every byte against the blob's id.
 *
 * <p>Contract, checked for every implementation by {@code BlobSourceContract}:
 * <ul>
 *   <li>Every method may be called from any thread, returns at once and never throws for what the far side does.
 *   <li>Each {@code fetch} ends in exactly one of {@code completed} and {@code failed}, also after {@code cancel}.
 *   <li>Requests beyond the blob are the caller's mistake: {@link IllegalArgumentException}.
 *   <li>After the source was detached, requests fail with {@code CLOSED}.
 * </ul>
 */
public interface BlobSource {
    /** Who this is. */
    SourceInfo info();

    /** The groups this source says it holds, as last heard. The origin says all. */
    GroupSet available();

    /** How the connection to it runs, as far as it is known; of interest for peers only. */
    default PeerPath path() {
        return PeerPath.UNKNOWN;
    }

    /**
     * Reads a stretch of the blob's outboard ({@code .obao4}, pre-order parents of 64 bytes).
     *
     * @param offset in bytes from the start of the outboard, a multiple of 64
     * @param length in bytes, a positive multiple of 64, at most {@link #MAX_TREE_BYTES}
     * @return exactly {@code length} bytes, owned by the receiver; or fails with a {@link SourceException}
     */
    CompletableFuture<ByteBuffer> tree(long offset, int length);

    /**
     * Fetches chunk groups. They arrive at the receiver whole, in ascending order, in pieces of one or more groups.
     *
     * @param groups not empty, within the blob
     * @param receiver called from threads of the source, one call at a time
     */
    Transfer fetch(GroupRange groups, GroupReceiver receiver);

    /** The longest stretch of outboard one call may ask for: a 16 MiB window has 1,023 parents, its path a few more. */
    int MAX_TREE_BYTES = 1 << 17;

    /** Takes what a fetch delivers. Implementations return quickly and do not throw. */
    interface GroupReceiver {
        /**
         * Some groups arrived.
         *
         * @param firstGroup index of the first group in {@code bytes}
         * @param bytes whole groups from position to limit; owned by the receiver from here on
         */
        void received(long firstGroup, ByteBuffer bytes);

        /** Every group asked for was received. */
        void completed();

        /** The fetch ended early; what was received stays good. */
        void failed(SourceException failure);
    }

    /** A fetch under way. */
    interface Transfer {
        /**
         * Asks the source to stop; idempotent, no effect after the end. The receiver may still get groups that were
         * under way, then {@code failed} with reason {@code CLOSED}.
         */
        void cancel();
    }
}
