package io.runnel.p2p.exchange;

import io.runnel.source.GroupRange;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The serving side of a connection. Requests are served one after the other; the store is read a little ahead of what the
 * transport takes, and no further, so that a cancelled request stops within that and the transport's own buffer.
 */
final class Provider {
    private static final class Serving {
        final long id;
        final Blob blob;
        final GroupRange groups;
        long next;
        boolean over;

        Serving(long id, Blob blob, GroupRange groups) {
            this.id = id;
            this.blob = blob;
            this.groups = groups;
            this.next = groups.first();
        }
    }

    private static final class Reading {
        final long read;
        final Serving serving;
        final GroupRange groups;

        @Nullable ByteBuffer bytes;

        Reading(long read, Serving serving, GroupRange groups) {
            this.read = read;
            this.serving = serving;
            this.groups = groups;
        }
    }

    private record TreeServing(long id, Blob blob, int length) {}

    private final Outbox out;
    private final int frameGroups;

    /** Requests not yet read to their end. */
    private final ArrayDeque<Serving> queue = new ArrayDeque<>();

    /** Reads under way or waiting their turn to be sent, oldest first. */
    private final ArrayDeque<Reading> readings = new ArrayDeque<>();

    /** Every request that has not been answered in full, by its id. */
    private final Map<Long, Serving> open = new HashMap<>();

    private final Map<Long, TreeServing> trees = new HashMap<>();
    private long askedBytes;
    private long readingBytes;
    private long lastRead;

    Provider(Outbox out, int frameGroups) {
        this.out = out;
        this.frameGroups = frameGroups;
    }

    void request(long id, Blob blob, GroupRange groups) throws MalformedFrameException {
        if (groups.end() > blob.groups) {
            throw new MalformedFrameException("a request beyond the blob");
        }
        if (open.size() >= ExchangeProtocol.MAX_REQUESTS) {
            throw new MalformedFrameException("more requests than were agreed");
        }
        long bytes = blob.bytes(groups);
        if (!blob.held.containsAll(groups)) {
            refuse(id, Frame.Refuse.Refusal.NOT_HELD, 0);
        } else if (askedBytes + bytes > ExchangeProtocol.MAX_ASKED_BYTES) {
            refuse(id, Frame.Refuse.Refusal.BUSY, ExchangeProtocol.BUSY_RETRY_MILLIS);
        } else {
            Serving serving = new Serving(id, blob, groups);
            askedBytes += bytes;
            open.put(id, serving);
            queue.add(serving);
            pump();
        }
    }

    void tree(Frame.Tree frame, Blob blob) throws MalformedFrameException {
        if (frame.offset() + frame.length() > blob.outboardBytes()) {
            throw new MalformedFrameException("a tree beyond the blob");
        }
        if (trees.size() >= ExchangeProtocol.MAX_REQUESTS) {
            throw new MalformedFrameException("more requests than were agreed");
        }
        trees.put(++lastRead, new TreeServing(frame.id(), blob, frame.length()));
        out.add(new ExchangeEffect.ReadTree(lastRead, blob.swarm, frame.offset(), frame.length()));
    }

    void refuse(long id, Frame.Refuse.Refusal reason, long retryAfterMillis) {
        out.send(new Frame.Refuse(id, reason, retryAfterMillis));
    }

    void cancel(long id) {
        Serving serving = open.get(id);
        if (serving != null) {
            stop(serving, Frame.Refuse.Refusal.CANCELLED);
            pump();
        }
    }

    /** Answers what is asked of this blob with a refusal. */
    void close(Blob blob) {
        stopAll(serving -> serving.blob == blob);
        trees.values().removeIf(tree -> {
            if (tree.blob() == blob) {
                refuse(tree.id(), Frame.Refuse.Refusal.GONE, 0);
            }
            return tree.blob() == blob;
        });
        pump();
    }

    private void stopAll(Predicate<Serving> which) {
        for (Serving serving : open.values().toArray(new Serving[0])) {
            if (which.test(serving)) {
                stop(serving, Frame.Refuse.Refusal.GONE);
            }
        }
    }

    private void stop(Serving serving, Frame.Refuse.Refusal reason) {
        finish(serving);
        queue.remove(serving);
        refuse(serving.id, reason, 0);
    }

    private void finish(Serving serving) {
        serving.over = true;
        open.remove(serving.id);
        askedBytes -= serving.blob.bytes(serving.groups);
    }

    /** A read came back: bytes from position to limit, empty where they are not held any more, null where it failed. */
    void read(long read, @Nullable ByteBuffer bytes) {
        TreeServing tree = trees.remove(read);
        if (tree != null) {
            answer(tree, bytes);
            return;
        }
        for (Reading reading : readings) {
            if (reading.read == read && reading.bytes == null) {
                arrived(reading, bytes);
                break;
            }
        }
        pump();
    }

    private void answer(TreeServing tree, @Nullable ByteBuffer bytes) {
        if (bytes == null) {
            refuse(tree.id(), Frame.Refuse.Refusal.FAILED, 0);
        } else if (bytes.remaining() != tree.length()) {
            refuse(tree.id(), Frame.Refuse.Refusal.NOT_HELD, 0);
        } else {
            out.send(new Frame.TreeBytes(tree.id(), bytes));
        }
    }

    private void arrived(Reading reading, @Nullable ByteBuffer bytes) {
        Serving serving = reading.serving;
        boolean good = bytes != null && bytes.remaining() == serving.blob.bytes(reading.groups);
        if (!good && !serving.over) {
            stop(serving, bytes == null ? Frame.Refuse.Refusal.FAILED : Frame.Refuse.Refusal.NOT_HELD);
        }
        reading.bytes = good && bytes != null ? bytes : ByteBuffer.allocate(0);
    }

    /** Sends what is its turn, then reads ahead. */
    void pump() {
        Reading first = readings.peek();
        while (first != null && first.bytes != null) {
            readings.remove();
            readingBytes -= first.serving.blob.bytes(first.groups);
            if (!first.serving.over) {
                out.send(new Frame.Groups(first.serving.id, first.groups.first(), first.bytes));
                if (first.groups.end() == first.serving.groups.end()) {
                    finish(first.serving);
                }
            }
            first = readings.peek();
        }
        readAhead();
    }

    private void readAhead() {
        Serving serving = queue.peek();
        while (serving != null && out.untakenBytes() + readingBytes < ExchangeProtocol.READ_AHEAD_BYTES) {
            long end = Math.min(serving.groups.end(), serving.next + frameGroups);
            GroupRange groups = new GroupRange(serving.next, end);
            serving.next = end;
            if (end == serving.groups.end()) {
                queue.remove();
            }
            readings.add(new Reading(++lastRead, serving, groups));
            readingBytes += serving.blob.bytes(groups);
            out.add(new ExchangeEffect.ReadGroups(lastRead, serving.blob.swarm, groups));
            serving = queue.peek();
        }
    }
}
