package io.runnel.p2p.transport;

import io.runnel.source.PeerPath;
import java.nio.ByteBuffer;
import java.util.List;

/** A connection to one other peer. Safe for use on any thread; every method returns at once. */
public interface PeerLink {
    /** The longest message any link takes, in bytes. */
    int MAX_MESSAGE_BYTES = 1 << 18;

    /**
     * Takes the other side's answer; only on the side that offered, once.
     *
     * @param remoteAnswer the other side's description; its signature has been checked
     */
    void answered(String remoteAnswer);

    /**
     * Queues one message, its parts one after the other. Does nothing before {@code opened} and after the end.
     *
     * @param parts together 1 to {@link #MAX_MESSAGE_BYTES} bytes; read from position to limit, not to be changed by
     *     the caller until {@link Listener#handedOver} has counted them
     */
    void send(List<ByteBuffer> parts);

    /** Ends the connection; what is queued may be lost. Idempotent; the listener hears {@code closed}. */
    void close();

    /** Hears what happens on a link, from threads of the transport. Implementations return quickly and do not throw. */
    interface Listener {
        /** This side's description is complete and is to be sent to the other peer. Called at most once. */
        void described(String description);

        /** Messages can be sent now. Called at most once. */
        void opened();

        /**
         * A message came; never before {@link #opened}.
         *
         * @param message from position to limit, at most {@link #MAX_MESSAGE_BYTES} bytes; owned by the listener
         */
        void received(ByteBuffer message);

        /**
         * Some of what was queued was passed on to the network's buffer, which holds 2 MiB or less.
         *
         * @param bytes since the last call
         */
        void handedOver(long bytes);

        /** It is known how the link runs; again where that may have changed. For statistics only. */
        default void pathFound(PeerPath path) {}

        /**
         * The other peer did what no peer does that keeps to the protocol; {@link #closed} follows.
         *
         * @param what completes a sentence that begins with the peer
         */
        void misbehaved(String what);

        /** The transport wants this link to be replaced soon: it has carried as much as it should. */
        void wornOut();

        /** The link ended; nothing follows. Called exactly once. */
        void closed(String why);
    }
}
