package io.runnel.p2p;

import io.runnel.p2p.transport.PeerLink;
import io.runnel.source.PeerPath;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Brings what a link says from the threads of the transport to the loop, in order, and bounds what waits there. The links
 * take turns on the loop, so that who says much does not keep others waiting. Safe for use on any thread.
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

    private record Word(Runnable task, int bytes) {}

    private final OwnerLoop loop;
    private final Reader reader;
    private final Backlog backlog;
    private final Queue<Word> words = new ConcurrentLinkedQueue<>();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicBoolean flooded = new AtomicBoolean();

    /** Whether the loop has a task for the next word. */
    private final AtomicBoolean due = new AtomicBoolean();

    /** @param backlog shared by all inboxes of the loop */
    LinkInbox(OwnerLoop loop, Reader reader, Backlog backlog) {
        this.loop = loop;
        this.reader = reader;
        this.backlog = backlog;
    }

    long waitingBytes() {
        return waitingBytes.get();
    }

    private void later(Runnable task) {
        later(new Word(task, 0));
    }

    private void later(Word word) {
        words.add(word);
        takeTurn();
    }

    private void takeTurn() {
        if (!words.isEmpty() && due.compareAndSet(false, true)) {
            loop.execute(this::next);
        }
    }

    /** On the loop: one word, then it is the turn of others. */
    private void next() {
        try {
            Word word = take();
            if (word != null) {
                word.task().run();
            }
        } finally {
            due.set(false);
            takeTurn();
        }
    }

    private @Nullable Word take() {
        Word word = words.poll();
        if (word != null) {
            count(-word.bytes());
        }
        return word;
    }

    private void count(int bytes) {
        waitingBytes.addAndGet(bytes);
        backlog.change(bytes);
    }

    /** Drops all that waits, and has the link dropped. */
    void flood() {
        if (flooded.compareAndSet(false, true)) {
            while (take() != null) {
                // Each makes room.
            }
            backlog.leave(this);
            misbehaved("sent far more than was asked for");
        }
    }

    @Override
    public void described(String description) {
        later(() -> reader.described(description));
    }

    @Override
    public void opened() {
        backlog.join(this);
        later(reader::opened);
    }

    @Override
    public void received(ByteBuffer message) {
        if (flooded.get()) {
            return;
        }
        int size = message.remaining() + MESSAGE_BYTES;
        count(size);
        later(new Word(() -> reader.received(message), size));
        if (waitingBytes.get() > MAX_BACKLOG_BYTES) {
            flood();
        }
        backlog.relieve();
    }

    @Override
    public void handedOver(long bytes) {
        later(() -> reader.handedOver(bytes));
    }

    @Override
    public void pathFound(PeerPath path) {
        later(() -> reader.pathFound(path));
    }

    @Override
    public void misbehaved(String what) {
        later(() -> reader.misbehaved(what));
    }

    @Override
    public void wornOut() {
        later(reader::wornOut);
    }

    @Override
    public void closed(String why) {
        later(() -> {
            backlog.leave(this);
            reader.closed();
        });
    }
}
