package io.runnel.http.websocket;

import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.runnel.channel.TextChannel;
import java.net.URI;
import java.time.Duration;

/**
 * How long a websocket waits.
 *
 * @param connect for the TCP connection
 * @param handshake for TLS, and then again for the upgrade
 * @param ping of silence before a ping is sent; after as much again without an answer the channel is broken
 */
public record WebSocketTimeouts(Duration connect, Duration handshake, Duration ping) {
    private static final long CLOSE_MILLIS = 1000;

    int connectMillis() {
        return Math.toIntExact(connect.toMillis());
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
