package io.runnel.http.websocket;

import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.runnel.channel.TextChannel;
import java.net.URI;
import java.time.Duration;

/**
 * How long a websocket waits.
 *
 * @param connect for the TCP connection, to whichever of a host's addresses
 * @param handshake for TLS, and then again for the upgrade
 * @param ping of silence before a ping is sent; after as much again without an answer the channel is broken
 */
public record WebSocketTimeouts(Duration connect, Duration handshake, Duration ping) {
    private static final int MOST_SHARES = 4;
    private static final long CLOSE_MILLIS = 1000;

    /** For one of so many addresses. One that is dead leaves time for others; the time of one of more is not cut further. */
    int connectMillis(int addresses) {
        return Math.toIntExact(Math.max(1, connect.toMillis() / Math.min(addresses, MOST_SHARES)));
    }

    long handshakeMillis() {
        return handshake.toMillis();
    }

    long pingMillis() {
        return ping.toMillis();
    }

    /** The upgrade: no extension is offered, so nothing is compressed. */
    WebSocketClientProtocolConfig handshake(URI uri, String subprotocol) {
        return WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(uri)
                .version(WebSocketVersion.V13)
                .subprotocol(subprotocol)
                .allowExtensions(false)
                .maxFramePayloadLength(TextChannel.MAX_MESSAGE_BYTES)
                .handleCloseFrames(false)
                .sendCloseFrame(null)
                .dropPongFrames(false)
                .handshakeTimeoutMillis(handshakeMillis())
                .forceCloseTimeoutMillis(CLOSE_MILLIS)
                .build();
    }
}
