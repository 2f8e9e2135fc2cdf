package io.runnel.devserver.web;

/** The server's end of an open text websocket. Every method may be called from any thread and returns at once. */
public interface TextSocket {
    /** Sends a message, in order. A peer that lets {@link TextSockets#MAX_QUEUED} messages pile up is closed. */
    void send(String text);

    /** Sends what is queued, then closes with this code. Idempotent. */
    void close(int code, String reason);

    /** Hears what comes in, on the connection's event loop. */
    interface Listener {
        /** A whole message of at most {@link TextSockets#MAX_MESSAGE_BYTES} bytes of UTF-8. */
        void message(String text);

        /** The channel ended; nothing follows. Called once. */
        void closed();
    }

    /** Takes new channels. */
    interface Acceptor {
        /** A channel opened; called before any of its messages. */
        Listener accept(TextSocket socket);
    }
}
