package io.runnel.p2p;

import io.runnel.p2p.transport.PeerLink;
import io.runnel.source.PeerPath;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings what a link says from the threads of the transport to the loop, in order, and bounds what waits there. Safe for
 * use on any thread.
 */
final class LinkInbox implements PeerLink.Listener {
    /** Received bytes the loop has not come to; a peer that sends more was not asked for it. */
    private static final long MAX_BACKLOG_BYTES = 16 << 20;

    /** What a waiting message takes beside its bytes: a small one costs more than it carries. */
    private static final int MESSAGE_BYTES = 512;

    /** The same words as the link's, on the loop. */
    interface Reader {
        void described(String description);

        void opened();

        void received(ByteBuffer message);

        /** Also where more came than the loop gets done: messages are missing from now on. */
        void misbehaved(String what);

        void handedOver(long bytes);

        void pathFound(PeerPath path);

        void wornOut();

        void closed();
    }

    private final OwnerLoop loop;
    private final Reader reader;
    private final AtomicLong backlog = new AtomicLong();
    private final AtomicBoolean flooded = new AtomicBoolean();

    LinkInbox(OwnerLoop loop, Reader reader) {
        this.loop = loop;
        this.reader = reader;
    }

    @Override
    public void described(String description) {
        loop.execute(() -> reader.described(description));
    }

    @Override
    public void opened() {
        loop.execute(reader::opened);
    }

    @Override
    public void received(ByteBuffer message) {
        int size = message.remaining() + MESSAGE_BYTES;
        if (backlog.addAndGet(size) > MAX_BACKLOG_BYTES) {
            if (flooded.compareAndSet(false, true)) {
                misbehaved("sent far more than was asked for");
            }
            return;
        }
        loop.execute(() -> {
            backlog.addAndGet(-size);
            reader.received(message);
        });
    }

    @Override
    public void handedOver(long bytes) {
        loop.execute(() -> reader.handedOver(bytes));
    }

    @Override
    public void pathFound(PeerPath path) {
        loop.execute(() -> reader.pathFound(path));
    }

    @Override
    public void misbehaved(String what) {
        loop.execute(() -> reader.misbehaved(what));
    }

    @Override
    public void wornOut() {
        loop.execute(reader::wornOut);
    }

    @Override
    public void closed(String why) {
        loop.execute(reader::closed);
    }
}
