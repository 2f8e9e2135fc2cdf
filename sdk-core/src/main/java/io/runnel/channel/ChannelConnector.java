package io.runnel.channel;

import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** Opens text message channels to a server, in production as websockets over TLS. */
public interface ChannelConnector {
    /**
     * Connects once; no retry. Returns at once.
     *
     * @param uri {@code wss://}, its port 1 to 65535; anything else is refused with an {@link IllegalArgumentException}
     * @param subprotocol the websocket subprotocol; a server that does not choose it is refused
     * @param listener called from a thread of the connector, one call at a time; nothing before the future completes
     * @return the open channel; or fails with an {@link java.io.IOException} that says what to do. A failed connect
     *     calls nothing on the listener
     */
    CompletableFuture<TextChannel> connect(URI uri, String subprotocol, Listener listener);

    /** Hears what comes in. Implementations return quickly and do not throw. */
    interface Listener {
        /** A whole text message of at most {@link TextChannel#MAX_MESSAGE_BYTES} bytes of UTF-8. */
        void message(String text);

        /**
         * The channel ended; nothing follows. Called exactly once for each channel that opened.
         *
         * @param code the websocket close code (RFC 6455 section 7.4), 1006 where the connection broke without one
         */
        void closed(int code, String reason);
    }
}
