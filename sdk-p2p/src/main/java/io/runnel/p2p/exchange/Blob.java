package io.runnel.p2p.exchange;

import io.runnel.crypto.SwarmId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A blob open on this side of a connection, and what each side has told the other of it. */
final class Blob {
    final SwarmId swarm;
    final int index;
    final long sizeBytes;
    final long groups;

    /** What the store holds. */
    GroupSet held;

    /** What the peer was told; null until it may be told anything. */
    private @Nullable GroupSet told;

    /** What was held when telling the peer was last thought of; null where that has to be thought of anew. */
    private @Nullable GroupSet weighed;

    private long weighedNanos;

    /** When the peer was told all, be it before it closed the blob and opened it again. */
    private long toldAllNanos = Long.MIN_VALUE;

    /** Whether the peer has the blob open too. */
    boolean mutual;

    /** What the peer says it holds; null until it said anything. */
    @Nullable GroupSet theirs;

    /** Whether the peer is a source: it serves, and said what it holds. */
    boolean source;

    Blob(SwarmId swarm, int index, long sizeBytes, GroupSet held) {
        this.swarm = swarm;
        this.index = index;
        this.sizeBytes = sizeBytes;
        this.groups = groups(sizeBytes);
        this.held = held;
    }

    static long groups(long sizeBytes) {
        return Math.max(1, (sizeBytes + ExchangeProtocol.GROUP_BYTES - 1) / ExchangeProtocol.GROUP_BYTES);
    }

    /** Length of these groups in bytes; the blob's last may be short. */
    long bytes(GroupRange range) {
        return Math.min(range.end() * ExchangeProtocol.GROUP_BYTES, sizeBytes)
                - range.first() * ExchangeProtocol.GROUP_BYTES;
    }

    long outboardBytes() {
        return (groups - 1) * ExchangeProtocol.NODE_BYTES;
    }

    /** How many runs a HAVE makes this side go through, beside those in it. */
    int runsGoneThrough(Frame.Have frame) {
        // One that says all makes this side think anew what to tell of what it holds.
        GroupSet with = frame.added() ? theirs : held;
        return with == null ? 0 : with.runCount();
    }

    /** Whether it is news. */
    boolean hear(Frame.Have frame) throws MalformedFrameException {
        GroupSet before = theirs;
        GroupSet said = GroupSet.of(frame.runs());
        if (said.nextPresent(groups) >= 0) {
            throw new MalformedFrameException("a have beyond the blob");
        }
        if (frame.added() && (before == null || before.containsAll(said))) {
            // Known; or meant for the blob as it was open here before, and all of it is said again once the peer hears
            // that it reopened.
            return false;
        }
        GroupSet result = frame.added() && before != null ? before.union(said) : said;
        if (result.runCount() > ExchangeProtocol.MAX_RUNS) {
            throw new MalformedFrameException("a have of too many runs");
        }
        theirs = result;
        if (!frame.added() && before != null) {
            // It may lack what it held when it was not told who else does.
            weighed = null;
        }
        return before == null || !result.equals(before);
    }

    /** When the peer should next be told of what is held: {@link Long#MAX_VALUE} where there is nothing to tell. */
    long tellAt(long now) {
        GroupSet before = weighed;
        if (!mutual || (before != null && held.equals(before))) {
            return Long.MAX_VALUE;
        }
        if (told == null) {
            // A peer that opens and closes it again and again must not be told all each time.
            return toldAllNanos + ExchangeProtocol.HAVE_NANOS;
        }
        return before == null || held.count() - before.count() >= ExchangeProtocol.HAVE_BATCH
                ? now
                : weighedNanos + ExchangeProtocol.HAVE_NANOS;
    }

    /**
     * Tells the peer the difference, or all where something is no longer held. Where the peer holds all that is new as
     * well, it is not told: it can do nothing with it.
     */
    void tell(long now, Outbox out) {
        GroupSet target = bounded(held);
        GroupSet heard = told;
        boolean all = heard == null || !target.containsAll(heard);
        GroupSet news = all || heard == null ? target : target.minus(heard);
        boolean useful = theirs == null ? !news.isEmpty() : !theirs.containsAll(news);
        if (all || useful) {
            send(news.runs(), !all, out);
            told = target;
            toldAllNanos = all ? now : toldAllNanos;
        }
        weighed = held;
        weighedNanos = now;
    }

    private void send(List<GroupRange> runs, boolean addedToBefore, Outbox out) {
        boolean added = addedToBefore;
        int at = 0;
        do {
            int end = Math.min(runs.size(), at + ExchangeProtocol.MAX_HAVE_RUNS);
            out.send(new Frame.Have(index, added, runs.subList(at, end)));
            added = true;
            at = end;
        } while (at < runs.size());
    }

    /** The peer does not have the blob open any more. */
    void part() {
        mutual = false;
        theirs = null;
        told = null;
        weighed = null;
    }

    private static GroupSet bounded(GroupSet set) {
        if (set.runCount() <= ExchangeProtocol.MAX_RUNS) {
            return set;
        }
        List<GroupRange> runs = set.runs();
        return set.minus(new GroupRange(runs.get(ExchangeProtocol.MAX_RUNS).first(), ExchangeProtocol.MAX_GROUPS));
    }
}
