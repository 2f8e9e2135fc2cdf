package io.runnel.p2p.exchange;

import io.runnel.source.GroupRange;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The serving side of a connection. Requests are served one after the other, trees, which are {@code TreeProvider}'s part,
 * before groups; the store is read a little ahead of what the transport takes, and no further, so that a cancelled request
 * stops within that and the transport's own buffer.
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

        /** The next groups to read. */
        GroupRange following(int most) {
            return new GroupRange(next, Math.min(groups.end(), next + most));
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
    private final ReadAhead ahead;
    private final TreeProvider trees;
    private boolean serving;

    /** Requests not yet read to their end. */
    private final ArrayDeque<Serving> queue = new ArrayDeque<>();

    /** Reads under way or waiting their turn to be sent, oldest first. */
    private final ArrayDeque<Reading> readings = new ArrayDeque<>();

    /** Every request that has not been answered in full, by its id. */
    private final Map<Long, Serving> open = new HashMap<>();

    private long askedBytes;

    Provider(Outbox out, boolean serving, boolean governed) {
        this.out = out;
        this.serving = serving;
        this.ahead = new ReadAhead(new Allowance(governed, out), out);
        this.trees = new TreeProvider(out, ahead);
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
        ahead.allowance.permit(bytes);
        pump();
    }

    /** The transport has taken so much more. */
    void taken(long bytes) {
        ahead.taken(bytes);
        pump();
    }

    /** At the end of each input. */
    void seen(long now) {
        ahead.seen(now);
    }

    /** Asks for leave to send what could be sent next; without anything to send, leave given before lapses. */
    void askForLeave() {
        long next = nextBytes();
        ahead.allowance.want(ahead.hasRoom() ? next : 0);
        if (next == 0) {
            ahead.allowance.lapse();
        }
    }

    /** The conversation is over: gives back all leave that was not used. */
    void end() {
        ahead.end();
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
            out.refuse(id, Frame.Refuse.Refusal.NOT_HELD, 0);
        } else if (askedBytes + bytes > ExchangeProtocol.MAX_ASKED_BYTES) {
            out.refuse(id, Frame.Refuse.Refusal.BUSY, ExchangeProtocol.BUSY_RETRY_MILLIS);
        } else {
            Serving added = new Serving(id, blob, groups);
            askedBytes += bytes;
            open.put(id, added);
            queue.add(added);
            pump();
        }
    }

    void tree(Frame.Tree frame, Blob blob) throws MalformedFrameException {
        trees.add(frame, blob);
        pump();
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
        trees.stopAll(which, reason, retryAfterMillis);
        pump();
    }

    private void stop(Serving asked, Frame.Refuse.Refusal reason, long retryAfterMillis) {
        finish(asked);
        queue.remove(asked);
        out.refuse(asked.id, reason, retryAfterMillis);
    }

    private void finish(Serving asked) {
        asked.over = true;
        open.remove(asked.id);
        askedBytes -= asked.blob.bytes(asked.groups);
    }

    /** A read came back: bytes from position to limit, empty where they are not held any more, null where it failed. */
    void read(long read, @Nullable ByteBuffer bytes) {
        if (!trees.arrived(read, bytes)) {
            for (Reading reading : readings) {
                if (reading.read == read && reading.bytes == null) {
                    arrived(reading, bytes);
                    break;
                }
            }
        }
        pump();
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
                ahead.notSent(first.size());
            } else {
                ahead.sent(first.size());
                out.send(new Frame.Groups(first.serving.id, first.groups.first(), first.bytes));
                if (first.groups.end() == first.serving.groups.end()) {
                    finish(first.serving);
                }
            }
            first = readings.peek();
        }
        readAhead();
    }

    /** What the next read would like to send; 0 where there is none. */
    private long nextBytes() {
        Serving asked = queue.peek();
        if (trees.nextBytes() > 0) {
            return trees.nextBytes();
        }
        return asked == null ? 0 : asked.blob.bytes(asked.following(ahead.frameGroups()));
    }

    private void readAhead() {
        boolean more = true;
        while (more && ahead.hasRoom()) {
            more = trees.nextBytes() > 0 ? trees.read() : readGroups();
        }
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
        long read = ahead.begin(asked.blob.bytes(groups));
        readings.add(new Reading(read, asked, groups));
        out.add(new ExchangeEffect.ReadGroups(read, asked.blob.swarm, groups));
        return true;
    }

    /** The next groups, or as many of them as may be sent. */
    private GroupRange affordable(Serving asked) {
        GroupRange all = asked.following(ahead.frameGroups());
        long bytes = asked.blob.bytes(all);
        if (ahead.allowance.covers(bytes)) {
            return all;
        }
        return new GroupRange(all.first(), all.first() + ahead.allowance.most(bytes) / ExchangeProtocol.GROUP_BYTES);
    }
}
