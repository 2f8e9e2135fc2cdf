package io.runnel.devserver.web;

import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** The queue between those who send and the connection, and how it ends. */
final class SocketSession implements TextSocket {
    private final Sinks.Many<String> queue =
            Sinks.many().unicast().onBackpressureBuffer(new ArrayBlockingQueue<>(TextSockets.MAX_QUEUED));
    private @Nullable Close close;

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
        }
    }

    /** The messages, for one subscriber; completes when the session is to be closed. */
    Flux<String> outbound() {
        return queue.asFlux();
    }

    synchronized boolean isClosing() {
        return close != null;
    }

    synchronized int closeCode() {
        return close == null ? CloseCodes.SERVER_ERROR : close.code;
    }

    synchronized String closeReason() {
        return close == null ? "" : close.reason;
    }

    private record Close(int code, String reason) {}
}
