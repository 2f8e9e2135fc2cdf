package io.runnel.devserver.web;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * Upgrades requests to text websockets of one subprotocol, with bounds on message size, message rate and queued output.
 * Safe for use on any thread.
 */
public final class TextSockets {
    /** The longest message either way, in bytes. */
    public static final int MAX_MESSAGE_BYTES = 1 << 16;
    /** How many messages may wait for a slow reader. */
    public static final int MAX_QUEUED = 512;
    /** How many messages a peer may send at once. */
    public static final int MESSAGE_BURST = 200;
    /** How many messages a second a peer may send in the long run. */
    public static final int MESSAGES_PER_SECOND = 50;

    private static final long LINGER_MILLIS = 2_000;
    /** Live clients ping long before. */
    private static final long SILENCE_MILLIS = 120_000;

    private final String subprotocol;
    private final TextSocket.Acceptor acceptor;
    private final WebsocketServerSpec spec;

    /** An upgrade to this subprotocol. */
    public TextSockets(String subprotocol, TextSocket.Acceptor acceptor) {
        this.subprotocol = subprotocol;
        this.acceptor = acceptor;
        this.spec = WebsocketServerSpec.builder()
                .protocols(subprotocol)
                .maxFramePayloadLength(MAX_MESSAGE_BYTES)
                .build();
    }

    /** Answers one request: the upgrade, or 426 to what does not ask for it, or 400 to another subprotocol. */
    public Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        if (!request.requestHeaders().contains(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
            return refuse(response.header(HttpHeaderNames.UPGRADE, "websocket"), HttpResponseStatus.UPGRADE_REQUIRED);
        }
        if (!request.requestHeaders().containsValue(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, subprotocol, false)) {
            return refuse(response, HttpResponseStatus.BAD_REQUEST);
        }
        return response.sendWebsocket(this::open, spec);
    }

    private static Mono<Void> refuse(HttpServerResponse response, HttpResponseStatus status) {
        return response.status(status)
                .header(HttpHeaderNames.CONTENT_LENGTH, "0")
                .send();
    }

    private Publisher<Void> open(WebsocketInbound in, WebsocketOutbound out) {
        SocketSession session = new SocketSession();
        TextSocket.Listener listener = acceptor.accept(session);
        RateLimit rate = new RateLimit(MESSAGE_BURST, MESSAGES_PER_SECOND, System.nanoTime());
        in.withConnection(connection -> watch(connection, session, listener));
        in.aggregateFrames(MAX_MESSAGE_BYTES)
                .receiveFrames()
                .subscribe(
                        frame -> received(frame, session, listener, rate),
                        failure -> session.close(CloseCodes.PROTOCOL, "unreadable frame"),
                        session::peerGone);
        // A connection that is closed over unread input is reset, and the peer would not learn the code: so wait.
        return out.sendObject(session.outbound(), frame -> true).then(session.gone());
    }

    /** Ends a connection whose peer fell silent, or does not take or answer the close frame. */
    private static void watch(Connection connection, SocketSession session, TextSocket.Listener listener) {
        connection.onReadIdle(SILENCE_MILLIS, connection::dispose);
        connection.onDispose(() -> {
            session.peerGone();
            listener.closed();
        });
        session.onClosing(() -> {
            ScheduledFuture<?> unused = connection
                    .channel()
                    .eventLoop()
                    .schedule(connection::dispose, LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    private static void received(
            WebSocketFrame frame, SocketSession session, TextSocket.Listener listener, RateLimit rate) {
        if (session.isClosing()) {
            return;
        }
        if (!rate.tryTake(System.nanoTime())) {
            session.close(CloseCodes.RATE, "too many messages");
        } else if (frame instanceof TextWebSocketFrame text) {
            listener.message(text.text());
        } else {
            session.close(CloseCodes.PROTOCOL, "text messages only");
        }
    }
}
