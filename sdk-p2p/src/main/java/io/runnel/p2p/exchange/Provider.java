package io.runnel.p2p.exchange;

import io.runnel.source.GroupRange;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The serving side of a connection. Requests are served one after the other, trees before groups; the store is read a
 * little ahead of what the transport takes, and no further, so that a cancelled request stops within that and the
 * transport's own buffer. What is read is spent from the allowance; what is then not sent goes back to it.
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

        /** The next groups to read, as many as fit a frame. */
        GroupRange following() {
            return new GroupRange(next, Math.min(groups.end(), next + ExchangeProtocol.FRAME_GROUPS));
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

        long size() {
            return serving.blob.bytes(groups);
        }
    }

    private final Outbox out;
    private final Allowance allowance;
    private boolean serving;

    /** Requests not yet read to their end. */
    private final ArrayDeque<Serving> queue = new ArrayDeque<>();

    /** Reads under way or waiting their turn to be sent, oldest first. */
    private final ArrayDeque<Reading> readings = new ArrayDeque<>();

    /** Every request that has not been answered in full, by its id. */
    private final Map<Long, Serving> open = new HashMap<>();

    /** Trees whose reading has not begun. */
    private final ArrayDeque<TreeServing> waitingTrees = new ArrayDeque<>();

    /** Trees being read, by the name of the read. */
    private final Map<Long, TreeServing> trees = new HashMap<>();

    private long askedBytes;
    private long readingBytes;
    private long lastRead;

    private record TreeServing(Frame.Tree asked, Blob blob) {
        long id() {
            return asked.id();
        }

        int length() {
            return asked.length();
        }
    }

    Provider(Outbox out, boolean serving, boolean governed) {
        this.out = out;
        this.serving = serving;
        this.allowance = new Allowance(governed);
    }

    boolean serving() {
        return serving;
    }

    /** Begins to serve, or refuses what was asked for and all that follows. */
    void serve(boolean now) {
        serving = now;
        if (!now) {
            stopAll(blob -> true, Frame.Refuse.Refusal.NOT_SERVING, 0);
        }
    }

    /** So much more may be sent. */
    void permit(long bytes) {
        allowance.permit(bytes);
        pump();
    }

    /** Asks for leave to send what could be sent next. */
    void askForLeave() {
        allowance.want(roomToRead() ? nextBytes() : 0, out);
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
            Serving added = new Serving(id, blob, groups);
            askedBytes += bytes;
            open.put(id, added);
            queue.add(added);
            pump();
        }
    }

    void tree(Frame.Tree frame, Blob blob) throws MalformedFrameException {
        if (frame.offset() + frame.length() > blob.outboardBytes()) {
            throw new MalformedFrameException("a tree beyond the blob");
        }
        if (waitingTrees.size() + trees.size() >= ExchangeProtocol.MAX_REQUESTS) {
            throw new MalformedFrameException("more requests than were agreed");
        }
        waitingTrees.add(new TreeServing(frame, blob));
        pump();
    }

    void refuse(long id, Frame.Refuse.Refusal reason, long retryAfterMillis) {
        out.send(new Frame.Refuse(id, reason, retryAfterMillis));
    }

    void cancel(long id) {
        Serving asked = open.get(id);
        if (asked != null) {
            stop(asked, Frame.Refuse.Refusal.CANCELLED, 0);
            pump();
        }
    }

    /** Answers what is asked of this blob with a refusal. */
    void close(Blob blob) {
        stopAll(each -> each == blob, Frame.Refuse.Refusal.GONE, 0);
    }

    /** Answers all that is asked with a refusal for now. */
    void decline(long retryAfterMillis) {
        stopAll(each -> true, Frame.Refuse.Refusal.BUSY, retryAfterMillis);
    }

    private void stopAll(Predicate<Blob> which, Frame.Refuse.Refusal reason, long retryAfterMillis) {
        for (Serving asked : open.values().toArray(new Serving[0])) {
            if (which.test(asked.blob)) {
                stop(asked, reason, retryAfterMillis);
            }
        }
        waitingTrees.removeIf(tree -> refused(tree, which, reason, retryAfterMillis));
        trees.values().removeIf(tree -> {
            boolean ended = refused(tree, which, reason, retryAfterMillis);
            if (ended) {
                notSent(tree.length());
            }
            return ended;
        });
        pump();
    }

    private boolean refused(
            TreeServing tree, Predicate<Blob> which, Frame.Refuse.Refusal reason, long retryAfterMillis) {
        boolean ends = which.test(tree.blob());
        if (ends) {
            refuse(tree.id(), reason, retryAfterMillis);
        }
        return ends;
    }

    private void stop(Serving asked, Frame.Refuse.Refusal reason, long retryAfterMillis) {
        finish(asked);
        queue.remove(asked);
        refuse(asked.id, reason, retryAfterMillis);
    }

    private void finish(Serving asked) {
        asked.over = true;
        open.remove(asked.id);
        askedBytes -= asked.blob.bytes(asked.groups);
    }

    /** What was read, or being read, is of no use. */
    private void notSent(long bytes) {
        readingBytes -= bytes;
        allowance.giveBack(bytes);
    }

    /** A read came back: bytes from position to limit, empty where they are not held any more, null where it failed. */
    void read(long read, @Nullable ByteBuffer bytes) {
        TreeServing tree = trees.remove(read);
        if (tree != null) {
            answer(tree, bytes);
        } else {
            for (Reading reading : readings) {
                if (reading.read == read && reading.bytes == null) {
                    arrived(reading, bytes);
                    break;
                }
            }
        }
        pump();
    }

    private void answer(TreeServing tree, @Nullable ByteBuffer bytes) {
        if (bytes != null && bytes.remaining() == tree.length()) {
            readingBytes -= tree.length();
            out.send(new Frame.TreeBytes(tree.id(), bytes));
        } else {
            notSent(tree.length());
            refuse(tree.id(), bytes == null ? Frame.Refuse.Refusal.FAILED : Frame.Refuse.Refusal.NOT_HELD, 0);
        }
    }

    private void arrived(Reading reading, @Nullable ByteBuffer bytes) {
        Serving asked = reading.serving;
        boolean good = bytes != null && bytes.remaining() == reading.size();
        if (!good && !asked.over) {
            stop(asked, bytes == null ? Frame.Refuse.Refusal.FAILED : Frame.Refuse.Refusal.NOT_HELD, 0);
        }
        reading.bytes = good && bytes != null ? bytes : ByteBuffer.allocate(0);
    }

    /** Sends what is its turn, then reads ahead. */
    void pump() {
        Reading first = readings.peek();
        while (first != null && first.bytes != null) {
            readings.remove();
            if (first.serving.over) {
                notSent(first.size());
            } else {
                readingBytes -= first.size();
                out.send(new Frame.Groups(first.serving.id, first.groups.first(), first.bytes));
                if (first.groups.end() == first.serving.groups.end()) {
                    finish(first.serving);
                }
            }
            first = readings.peek();
        }
        readAhead();
    }

    private boolean roomToRead() {
        return out.untakenBytes() + readingBytes < ExchangeProtocol.READ_AHEAD_BYTES;
    }

    /** What the next read would like to send; 0 where there is none. */
    private long nextBytes() {
        TreeServing tree = waitingTrees.peek();
        Serving asked = queue.peek();
        if (tree != null) {
            return tree.length();
        }
        return asked == null ? 0 : asked.blob.bytes(asked.following());
    }

    private void readAhead() {
        boolean more = true;
        while (more && roomToRead()) {
            more = waitingTrees.isEmpty() ? readGroups() : readTree();
        }
    }

    private boolean readTree() {
        TreeServing tree = waitingTrees.element();
        if (!allowance.covers(tree.length())) {
            return false;
        }
        waitingTrees.remove();
        begin(tree.length());
        trees.put(lastRead, tree);
        out.add(new ExchangeEffect.ReadTree(
                lastRead, tree.blob().swarm, tree.asked().offset(), tree.length()));
        return true;
    }

    private boolean readGroups() {
        Serving asked = queue.peek();
        if (asked == null) {
            return false;
        }
        GroupRange groups = affordable(asked);
        if (groups.isEmpty()) {
            return false;
        }
        asked.next = groups.end();
        if (asked.next == asked.groups.end()) {
            queue.remove();
        }
        begin(asked.blob.bytes(groups));
        readings.add(new Reading(lastRead, asked, groups));
        out.add(new ExchangeEffect.ReadGroups(lastRead, asked.blob.swarm, groups));
        return true;
    }

    /** The next groups, or as many of them as may be sent. */
    private GroupRange affordable(Serving asked) {
        GroupRange all = asked.following();
        long bytes = asked.blob.bytes(all);
        if (allowance.covers(bytes)) {
            return all;
        }
        return new GroupRange(all.first(), all.first() + allowance.most(bytes) / ExchangeProtocol.GROUP_BYTES);
    }

    private void begin(long bytes) {
        lastRead++;
        readingBytes += bytes;
        allowance.spend(bytes);
    }
}
