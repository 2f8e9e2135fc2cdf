package io.runnel.engine.plan;

import io.runnel.source.GroupSet;
import java.util.ArrayList;
import java.util.List;

/** A source of one blob: what it says it holds of it, and what it was asked for. */
public final class Holder {
    /** The origin may have one damaged copy in a cache, and gets two more tries; a peer gets none. */
    private static final int ORIGIN_STRIKES = 3;

    private static final double LATELY_NANOS = 5e9;

    final List<Request> requests = new ArrayList<>();
    private final Party party;
    private GroupSet available;
    private int strikes;

    /** When it last delivered something of the blob; before that, when the blob was opened. */
    private long deliveredNanos;

    /** What it had delivered of the blob by then, each group counting the less the longer ago it came. */
    private double lately;

    Holder(Party party, GroupSet available, long openedNanos) {
        this.party = party;
        this.available = available;
        this.deliveredNanos = openedNanos;
    }

    /** The source, over all blobs. */
    public Party party() {
        return party;
    }

    /** The groups it says it holds. */
    public GroupSet available() {
        return available;
    }

    /** What it says it holds has changed. */
    public void available(GroupSet groups) {
        available = groups;
    }

    void delivered(long groups, long nowNanos) {
        lately = lately(nowNanos) + groups;
        deliveredNanos = nowNanos;
    }

    private double lately(long nowNanos) {
        return lately * Math.exp(-(nowNanos - deliveredNanos) / LATELY_NANOS);
    }

    /** How much of the blob it brought lately, idle or not; as much as any where it has not brought anything yet. */
    double broughtPerSecond(long nowNanos) {
        return lately == 0 ? Double.MAX_VALUE : lately(nowNanos) * 1e9 / LATELY_NANOS;
    }

    /** How long it has delivered nothing of the blob. */
    long quietNanos(long nowNanos) {
        return nowNanos - deliveredNanos;
    }

    /** Requests under way, oldest first. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** It delivered something that is not the blob's. A peer is banned for all blobs. */
    public void lied() {
        strikes++;
        if (!party.isOrigin()) {
            party.ban();
        }
    }

    /** Whether it lied too often to be asked for this blob again. */
    public boolean banned() {
        return party.banned() || strikes >= ORIGIN_STRIKES;
    }

    /** Whether it may be asked now. */
    public boolean usable(long nowNanos) {
        return strikes < ORIGIN_STRIKES && party.usable(nowNanos);
    }

    /** Whether it is a peer whose word on what it holds counts. */
    boolean credible(long nowNanos, PlanRules rules) {
        return isPeer() && party.credible(nowNanos, rules.silenceNanos());
    }

    /** Whether it is a peer of which something was proven, and that was neither asked in vain since nor too late. */
    public boolean reliable(long nowNanos, PlanRules rules) {
        return credible(nowNanos, rules) && party.trusted();
    }

    boolean isPeer() {
        return !party.isOrigin();
    }
}
