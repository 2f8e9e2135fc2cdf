package io.runnel.p2p.upload;

import io.runnel.sharing.UploadPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Shares what may be uploaded out between peers. A peer that wants to be sent something gets a slot, or stands in line for
 * one; peers with a slot are served in the order of start-time fair queueing (Goyal, Vin and Cheng 1996): each piece is
 * tagged with what its peer was sent so far, and the lowest tag is next, so that a peer that asks for much gets no more
 * than one that asks for enough, and one that asks seldom is served at once. If others stand in line, a slot is given up
 * once its peer was sent a turn's bytes, the same for all, or where the rate has room and all who have a slot want nothing:
 * what some do not use is there for who is next. Whoever is turned away keeps its place in line and is expected back
 * there, so that nobody gains by asking again sooner than it was told. Inputs come with the time in nanoseconds on any
 * clock; what follows from them is asked for with {@link #decide}. Not thread-safe.
 *
 * @param <P> what a peer is known by
 */
public final class UploadGovernor<P> {
    /** The most one permit is for. */
    public static final long MOST_PIECE = 128 << 10;

    /** The least, where more is wanted: a chunk group. */
    static final long LEAST_PIECE = 16 << 10;

    /** A piece is so much of the rate: nobody waits long for another's, and a turn is many pieces, so that turns are alike. */
    private static final long PIECE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** At low rates there are fewer slots than the policy has, so that each gets this much a second. */
    private static final long LEAST_SLOT_RATE = 32 << 10;

    /** How long a turn takes at least where all slots are used, and how much it is worth. */
    private static final long TURN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long TURN_BYTES = 64 << 10;

    /** How long a peer may want nothing and keep its slot, or its place, although others stand in line: a round trip. */
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** The longest line, by its turns; well below the 10 s after which a peer would take this side for dead. */
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(6);

    /** The longest a peer stands in line, where those before it take more time than it seemed. */
    private static final long STANDING_NANOS = TimeUnit.SECONDS.toNanos(8);

    /** When who is turned away is to come back. */
    private static final long RETRY_MILLIS = 2_000;

    /** How long its place is kept. */
    private static final long KEPT_NANOS = TimeUnit.MILLISECONDS.toNanos(2 * RETRY_MILLIS);

    private final Pace pace = new Pace();
    private final Map<P, Share<P>> shares = new LinkedHashMap<>();

    /** Who has a slot, the turn that began first coming first. */
    private final List<Share<P>> served = new ArrayList<>();

    /** Who is next for a slot, first come first, with those that were turned away and are expected back. */
    private final List<Share<P>> line = new ArrayList<>();

    private final List<UploadDecision<P>> decisions = new ArrayList<>();
    private int policySlots = UploadPolicy.DEFAULT_SLOTS;
    private long volumeLeft = UploadPolicy.UNLIMITED;
    private long permitted;

    /** The tag of the piece served last. */
    private long virtualTime;

    /** What is known of one peer. */
    private static final class Share<P> {
        final P peer;
        long wanted;

        /** Whether what it wanted last was less than a group, which is sent in a moment. */
        boolean wantedLittle;

        /** The tag of its next piece. */
        long tag;

        long turnSinceNanos;

        /** What is left of its turn; below zero, so much of the next one is spent. */
        long turnLeftBytes;

        long wantedLastNanos;

        /** While it is in line: when it is turned away or, where it wants nothing, its place is given up. */
        long lineUntilNanos;

        Share(P peer) {
            this.peer = peer;
        }
    }

    /** A governor without limits. */
    public UploadGovernor() {}

    /**
     * Sets rate and slots, now or at any later time.
     *
     * @param bytesPerSecond {@link UploadPolicy#LEAST_RATE} or more, or {@link UploadPolicy#UNLIMITED}
     * @param slots peers served at a time, 1 or more
     */
    public void limits(long bytesPerSecond, int slots) {
        pace.rate(bytesPerSecond);
        policySlots = slots;
    }

    /** Sets how much may be permitted from now on, {@link UploadPolicy#UNLIMITED} for any amount. */
    public void volume(long bytes) {
        volumeLeft = bytes;
    }

    /** How much may still be permitted. */
    public long volumeLeft() {
        return volumeLeft;
    }

    /** Bytes permitted so far and not given back. */
    public long permitted() {
        return permitted;
    }

    /** Whether any peer waits to be sent something. */
    public boolean wanted() {
        return shares.values().stream().anyMatch(share -> share.wanted > 0);
    }

    /**
     * A peer could be sent so much; replaces what it wanted before. A permit answers it, in full or not.
     *
     * @param bytes 0 where it wants nothing any more
     */
    public void want(P peer, long bytes, long now) {
        Share<P> share = shares.computeIfAbsent(peer, Share::new);
        if (share.wanted == 0) {
            share.tag = Math.max(share.tag, virtualTime);
        }
        if (bytes == 0 && share.wanted > 0) {
            // A peer that was turned away wants nothing before it comes back, and keeps its place.
            line.remove(share);
        } else if (bytes > 0 && !served.contains(share) && !line.contains(share)) {
            line.add(share);
        }
        if (bytes > 0) {
            share.wantedLittle = bytes < LEAST_PIECE;
            share.lineUntilNanos = share.wanted > 0 ? share.lineUntilNanos : now + STANDING_NANOS;
        }
        share.wanted = bytes;
        share.wantedLastNanos = now;
    }

    /**
     * So much of what was permitted is not sent: others may have it. Whom it was permitted pays with its turn all the same,
     * so that a peer that asks and cancels without end holds up nobody but itself.
     *
     * @param bytes 1 or more; no more in all than was permitted
     */
    public void giveBack(long bytes, long now) {
        pace.giveBack(bytes, now);
        permitted -= bytes;
        if (volumeLeft != UploadPolicy.UNLIMITED) {
            volumeLeft += bytes;
        }
    }

    /** A peer is gone. */
    public void left(P peer) {
        Share<P> share = shares.remove(peer);
        if (share != null) {
            line.remove(share);
            served.remove(share);
        }
    }

    /** What is to be done now, in order; to be asked again once that is done, until it is empty. */
    public List<UploadDecision<P>> decide(long now) {
        giveSlots(now);
        Optional<Share<P>> next = next();
        while (next.isPresent() && now >= pace.freeAtNanos() && volumeLeft > 0) {
            serve(next.get(), now);
            giveSlots(now);
            next = next();
        }
        List<UploadDecision<P>> out = List.copyOf(decisions);
        decisions.clear();
        return out;
    }

    private Optional<Share<P>> next() {
        return served.stream().filter(share -> share.wanted > 0).min(Comparator.comparingLong(share -> share.tag));
    }

    private void serve(Share<P> share, long now) {
        long bytes = Math.min(Math.min(share.wanted, piece()), volumeLeft);
        virtualTime = share.tag;
        share.tag += bytes;
        share.turnLeftBytes = Math.max(0, share.turnLeftBytes) - bytes;
        share.wanted = 0;
        share.wantedLastNanos = now;
        pace.pass(bytes, now);
        permitted += bytes;
        if (volumeLeft != UploadPolicy.UNLIMITED) {
            volumeLeft -= bytes;
        }
        decisions.add(UploadDecision.permit(share.peer, bytes));
    }

    private long piece() {
        long groups = pace.bytesIn(PIECE_NANOS) / LEAST_PIECE;
        return Math.min(MOST_PIECE, Math.max(1, groups) * LEAST_PIECE);
    }

    /** Slots there are at this rate. */
    private int slots() {
        long worthwhile = pace.unlimited() ? policySlots : pace.bytesPerSecond() / LEAST_SLOT_RATE;
        return (int) Math.max(1, Math.min(policySlots, worthwhile));
    }

    /** How long a turn takes where all slots are used: long enough to be sent something worth having. */
    private long turnNanos() {
        if (pace.unlimited()) {
            return TURN_NANOS;
        }
        double seconds = (double) TURN_BYTES * slots() / pace.bytesPerSecond();
        return Math.max(TURN_NANOS, (long) (seconds * TimeUnit.SECONDS.toNanos(1)));
    }

    /** What a turn is worth. Only bytes make turns alike: in the same time one peer gets a piece more than another. */
    private long turnBytes() {
        return pace.bytesIn(turnNanos()) / slots();
    }

    /** How long a slot is kept by a peer that asks for less. */
    private long longestTurnNanos() {
        return pace.unlimited() ? turnNanos() : turnNanos() * 3 / 2;
    }

    private void giveSlots(long now) {
        line.removeIf(share -> share.wanted == 0 && now >= share.lineUntilNanos);
        while (served.size() > slots()) {
            giveUp(served.get(0), now);
        }
        fillSlots(now);
        for (Share<P> share : List.copyOf(served)) {
            if (waiting() && now >= slotEndsNanos(share)) {
                giveUp(share, now);
                fillSlots(now);
            }
        }
        if (waiting() && unused(now)) {
            giveUp(Collections.min(served, Comparator.comparingLong(share -> share.wantedLastNanos)), now);
            fillSlots(now);
        }
        shortenLine(now);
    }

    /** Whether more could be sent at the rate than those with a slot want. Without a rate nobody can tell. */
    private boolean unused(long now) {
        return !pace.unlimited()
                && now >= pace.freeAtNanos()
                && volumeLeft > 0
                && served.stream().allMatch(share -> share.wanted == 0);
    }

    /**
     * Turns away who would stand in line too long. Who wants little holds up nobody; if it wants more once it has a slot,
     * those behind it are turned away when they have stood there too long.
     */
    private void shortenLine(long now) {
        int turns = (int) (slots() * (LINE_NANOS / longestTurnNanos()));
        for (Share<P> share : line) {
            if (share.wanted > 0 && (turns <= 0 || now >= share.lineUntilNanos)) {
                turnAway(share, now);
            }
            turns -= share.wantedLittle ? 0 : 1;
        }
    }

    /** Whether anybody waits for a slot. */
    private boolean waiting() {
        return line.stream().anyMatch(share -> share.wanted > 0);
    }

    private void fillSlots(long now) {
        while (served.size() < slots() && waiting()) {
            Share<P> share =
                    line.stream().filter(each -> each.wanted > 0).findFirst().orElseThrow();
            line.remove(share);
            served.add(share);
            share.turnSinceNanos = now;
            share.turnLeftBytes = Math.min(0, share.turnLeftBytes) + turnBytes();
            share.tag = Math.max(share.tag, virtualTime);
        }
    }

    private long slotEndsNanos(Share<P> share) {
        if (share.turnLeftBytes <= 0) {
            return Long.MIN_VALUE;
        }
        long turnEnds = share.turnSinceNanos + longestTurnNanos();
        return share.wanted > 0 ? turnEnds : Math.min(turnEnds, share.wantedLastNanos + IDLE_NANOS);
    }

    /** Its turn is over: it goes to the end of the line. */
    private void giveUp(Share<P> share, long now) {
        served.remove(share);
        line.add(share);
        share.lineUntilNanos = now + (share.wanted > 0 ? STANDING_NANOS : IDLE_NANOS);
    }

    /** It is to come back, to the place it has. */
    private void turnAway(Share<P> share, long now) {
        share.wanted = 0;
        share.lineUntilNanos = now + KEPT_NANOS;
        decisions.add(UploadDecision.decline(share.peer, RETRY_MILLIS));
    }

    /** When {@link #decide} has something to say again; {@link Long#MAX_VALUE} where only an input changes anything. */
    public long wakeNanos() {
        long at = Long.MAX_VALUE;
        boolean waiting = waiting();
        if (volumeLeft > 0 && (next().isPresent() || (waiting && !pace.unlimited()))) {
            at = pace.freeAtNanos();
        }
        for (Share<P> share : served) {
            if (waiting) {
                at = Math.min(at, slotEndsNanos(share));
            }
        }
        for (Share<P> share : line) {
            if (share.wanted > 0) {
                at = Math.min(at, share.lineUntilNanos);
            }
        }
        return at;
    }
}
