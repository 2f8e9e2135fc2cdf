package io.runnel.p2p.bench;

import io.runnel.p2p.transport.PeerLink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The receiving end of a raw channel: counts messages. */
final class RawSink implements PeerLink.Listener {
    final CompletableFuture<String> description = new CompletableFuture<>();
    final CompletableFuture<Boolean> opened = new CompletableFuture<>();
    final CompletableFuture<PeerLink> link = new CompletableFuture<>();

    /** The three below are guarded by this. */
    private CompletableFuture<Boolean> finished = new CompletableFuture<>();

    private long left;
    private @Nullable IOException failure;

    /** Completes when so many messages have come, from now on. */
    synchronized CompletableFuture<Boolean> expect(long messages) {
        finished = new CompletableFuture<>();
        left = messages;
        if (failure != null) {
            finished.completeExceptionally(failure);
        }
        return finished;
    }

    @Override
    public void described(String own) {
        description.complete(own);
    }

    @Override
    public void opened() {
        opened.complete(true);
    }

    @Override
    public synchronized void received(ByteBuffer message) {
        left--;
        if (left == 0) {
            finished.complete(true);
        }
    }

    @Override
    public void handedOver(long bytes) {
        // Sends one message only.
    }

    @Override
    public void misbehaved(String what) {
        // The end follows.
    }

    @Override
    public void wornOut() {
        // The run ends before it matters.
    }

    @Override
    public synchronized void closed(String why) {
        failure = new IOException("channel closed: " + why);
        description.completeExceptionally(failure);
        opened.completeExceptionally(failure);
        finished.completeExceptionally(failure);
    }
}
