package io.runnel.p2p.bench;

import io.runnel.p2p.transport.PeerLink;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** The sending end of a raw channel: sends all its bytes each time a message asks for them. */
final class RawSource implements PeerLink.Listener {
    private static final long QUEUED_BYTES = 1 << 20;

    final CompletableFuture<PeerLink> link = new CompletableFuture<>();
    private final ByteBuffer message = ByteBuffer.allocateDirect(RawChannels.MESSAGE_BYTES);
    private final AtomicLong left = new AtomicLong();
    private final AtomicLong queued = new AtomicLong();
    private final long bytes;
    private final PrintWriter out;

    RawSource(long bytes, PrintWriter out) {
        this.bytes = bytes;
        this.out = out;
    }

    @Override
    public void described(String description) {
        out.println(RawChannels.encode(description));
        out.flush();
    }

    @Override
    public void received(ByteBuffer go) {
        left.set(RawChannels.messages(bytes));
        fill();
    }

    @Override
    public void handedOver(long bytes) {
        queued.addAndGet(-bytes);
        fill();
    }

    private synchronized void fill() {
        while (queued.get() < QUEUED_BYTES && left.get() > 0) {
            left.decrementAndGet();
            queued.addAndGet(RawChannels.MESSAGE_BYTES);
            link.join().send(List.of(message.duplicate()));
        }
    }

    @Override
    public void opened() {
        // Waits to be asked.
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
    public void closed(String why) {
        left.set(0);
    }
}
