package io.runnel.p2p;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what waits for the loop in the inboxes of all links together. Where it is too much, the link of which most waits
 * is dropped. Safe for use on any thread.
 */
final class Backlog {
    /**
     * The engine asks 16 MiB of all its sources together, unless it was told otherwise: a loop that stands still for a
     * moment may find all that, and must not take those who brought it for a flood.
     */
    private static final long LEAST_BYTES = 20L << 20;

    private static final long MOST_BYTES = 32L << 20;

    private final long boundBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final Set<LinkInbox> inboxes = ConcurrentHashMap.newKeySet();

    /** With a bound that fits the heap. */
    Backlog() {
        this(boundBytes(Runtime.getRuntime().maxMemory()));
    }

    Backlog(long boundBytes) {
        this.boundBytes = boundBytes;
    }

    static long boundBytes(long heapBytes) {
        return Math.max(LEAST_BYTES, Math.min(MOST_BYTES, heapBytes / 8));
    }

    void join(LinkInbox inbox) {
        inboxes.add(inbox);
    }

    void leave(LinkInbox inbox) {
        inboxes.remove(inbox);
    }

    /** So much more waits; less where it is negative. */
    void change(long by) {
        bytes.addAndGet(by);
    }

    /** Drops a link where too much waits. */
    void relieve() {
        if (bytes.get() > boundBytes) {
            dropHeaviest();
        }
    }

    private synchronized void dropHeaviest() {
        // Another thread may have done it.
        if (bytes.get() > boundBytes) {
            inboxes.stream()
                    .max(Comparator.comparingLong(LinkInbox::waitingBytes))
                    .ifPresent(LinkInbox::flood);
        }
    }
}
