package io.runnel.devserver.web;

import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The queue between those who send and the connection, and how it ends. */
final class SocketSession implements TextSocket {
    private final Sinks.Many<String> queue =
            Sinks.many().unicast().onBackpressureBuffer(new ArrayBlockingQueue<>(TextSockets.MAX_QUEUED));
    private final Sinks.Empty<Void> gone = Sinks.empty();
    private @Nullable Close close;
    private Runnable closing = () -> {};

    @Override
    public synchronized void send(String text) {
        if (close == null && queue.tryEmitNext(text) == Sinks.EmitResult.FAIL_OVERFLOW) {
            close(CloseCodes.RATE, "reads too slowly");
        }
    }

    @Override
    public synchronized void close(int code, String reason) {
        if (close == null) {
            close = new Close(code, reason);
            queue.tryEmitComplete();
            closing.run();
        }
    }

    /** Runs this when {@link #close} is called, or now where it was. */
    synchronized void onClosing(Runnable action) {
        closing = action;
        if (close != null) {
            action.run();
        }
    }

    /** The connection ended. */
    synchronized void peerGone() {
        closing = () -> {};
        close(CloseCodes.GOING_AWAY, "");
        gone.tryEmitEmpty();
    }

    /** The messages, then the close frame; for one subscriber. */
    Flux<WebSocketFrame> outbound() {
        return queue.asFlux()
                .<WebSocketFrame>map(TextWebSocketFrame::new)
                .concatWith(Mono.fromSupplier(this::closeFrame));
    }

    /** Completes after {@link #peerGone}. */
    Mono<Void> gone() {
        return gone.asMono();
    }

    synchronized boolean isClosing() {
        return close != null;
    }

    private synchronized WebSocketFrame closeFrame() {
        return close == null
                ? new CloseWebSocketFrame(CloseCodes.SERVER_ERROR, "")
                : new CloseWebSocketFrame(close.code, close.reason);
    }

    private record Close(int code, String reason) {}
}
