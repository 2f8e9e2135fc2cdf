package io.runnel.http.testing;

import io.runnel.channel.ChannelConnector;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what a channel said. */
public final class RecordingListener implements ChannelConnector.Listener {
    /** The messages in order. */
    public final List<String> messages = new CopyOnWriteArrayList<>();
    /** The close code. */
    public final CompletableFuture<Integer> closed = new CompletableFuture<>();
    /** How often the end was told. */
    public final AtomicInteger closedCalls = new AtomicInteger();

    @Override
    public void message(String text) {
        messages.add(text);
    }

    @Override
    public void closed(int code, String reason) {
        closedCalls.incrementAndGet();
        closed.complete(code);
    }
}
