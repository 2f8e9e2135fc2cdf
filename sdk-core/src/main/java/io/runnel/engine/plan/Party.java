package io.runnel.engine.plan;

import io.runnel.source.SourceInfo;

/**
 * What a client knows of one source over all blobs: how fast it is, what it owes, how it behaved. Not thread-safe.
 *
 * <p>A source is asked for no more than it delivers in a third of a second beyond its latency, a slow peer in a tenth,
 * so that it can be overtaken soon and the next decision finds it with little ahead of it. One that is limited by that
 * bound shows a higher rate with each round trip, as a congestion window would grow. Before it has delivered anything it
 * gets a probe.
 */
public final class Party {
    /** Little: all who meet a peer at once queue on its uplink. */
    private static final int PROBE_GROUPS = 2;

    private static final int ORIGIN_PROBE_GROUPS = 32;
    private static final int LEAST_PEER_GROUPS = 2;
    private static final int LEAST_ORIGIN_GROUPS = 4;
    private static final int MOST_GROUPS = 384;

    /** A peer that may owe as many whole requests is fast enough to be asked for nothing less; the origin owes as many. */
    private static final int MANY_REQUESTS = 4;

    private static final double CAPACITY_SECONDS = 0.33;

    /** For a peer that takes longer than this for one request: what others need soon waits on the same uplink. */
    private static final double SLOW_CAPACITY_SECONDS = 0.1;

    private static final double FIRST_GROUPS_PER_SECOND = 50;
    private static final double ORIGIN_FIRST_GROUPS_PER_SECOND = 200;
    private static final long FIRST_LATENCY_NANOS = 150_000_000L;
    private static final long RATE_INTERVAL_NANOS = 50_000_000;
    private static final long LEAST_INTERVAL_NANOS = 1_000_000;

    private static final long FIRST_PENALTY_NANOS = 500_000_000L;
    private static final int MOST_DOUBLINGS = 5;

    /** The origin waits 4 s at most: a read gives up after half a minute, and nobody may be there but the origin. */
    private static final int MOST_ORIGIN_DOUBLINGS = 3;

    /** A peer that says when to come back is asked again within 2 s, or then: it may keep a place in line until twice that. */
    private static final int MOST_TOLD_DOUBLINGS = 2;

    /** How long one that was overtaken is believed after it delivered: it is asked for what is not due soon meanwhile. */
    private static final long BELIEVED_NANOS = 2_000_000_000L;

    /** With less, 1 Mbit/s, it is not: it could be one that lets a group drip now and then to be believed. */
    private static final double BELIEVED_GROUPS_PER_SECOND = 8;

    /** Twice a second at most: what takes its place has to come, and a download to get on. */
    private static final long GIVING_WAY_NANOS = 500_000_000L;

    private static final double NEW_SHARE = 0.3;

    /** Of a rate that is higher than those before: what was asked for may have been the bound, and grows with it. */
    private static final double NEW_SHARE_WHEN_FASTER = 0.5;

    private final SourceInfo info;
    private double groupsPerSecond;
    private long latencyNanos = FIRST_LATENCY_NANOS;
    private boolean measured;
    private boolean delivered;
    private boolean proven;
    private boolean late;
    private boolean answerAwaited;

    /** Whether the interval began with waiting for an answer. */
    private boolean intervalWaited;

    private long outstandingGroups;
    private long intervalStartNanos;
    private long intervalGroups;
    private long lastProgressNanos;
    private long deliveredNanos;
    private long penaltyEndNanos;
    private boolean penalised;

    /** What it said itself when to come back: that holds whatever it delivers meanwhile. */
    private long toldEndNanos;

    private boolean told;
    private boolean gaveWay;
    private long gaveWayNanos;
    private int failures;
    private boolean banned;

    Party(SourceInfo info) {
        this.info = info;
        this.groupsPerSecond = isOrigin() ? ORIGIN_FIRST_GROUPS_PER_SECOND : FIRST_GROUPS_PER_SECOND;
    }

    /** Who it is. */
    public SourceInfo info() {
        return info;
    }

    boolean isOrigin() {
        return info.kind() == SourceInfo.Kind.ORIGIN;
    }

    /** Whether it is not asked again in this session, for any blob. */
    public boolean banned() {
        return banned;
    }

    /** Whether it may be asked now. */
    public boolean usable(long nowNanos) {
        return !banned && !leftAlone(nowNanos);
    }

    /** How much longer it asked to be left alone; 0 where it did not, or the time is over. */
    public long toldNanos(long nowNanos) {
        return told ? Math.max(0, toldEndNanos - nowNanos) : 0;
    }

    private boolean leftAlone(long nowNanos) {
        return (penalised && nowNanos - penaltyEndNanos < 0) || toldNanos(nowNanos) > 0;
    }

    /** Groups asked of it and not delivered. */
    public long outstandingGroups() {
        return outstandingGroups;
    }

    /** Whether any of what it delivered was proven to be right: only then is it preferred to others. */
    boolean proven() {
        return proven;
    }

    /** Whether it is given what is due soon: something of it is right, and it was not too late with anything since. */
    boolean trusted() {
        return proven && !late;
    }

    /**
     * Whether what it says it holds is believed: it was not asked in vain since it last delivered. That another was faster
     * says nothing of what it holds, as long as it delivers at a fair rate.
     */
    boolean credible(long nowNanos, long silenceNanos) {
        return !banned && failures == 0 && (!late || delivers(nowNanos)) && !silent(nowNanos, silenceNanos);
    }

    private boolean delivers(long nowNanos) {
        return proven
                && nowNanos - deliveredNanos < BELIEVED_NANOS
                && groupsPerSecond(nowNanos) >= BELIEVED_GROUPS_PER_SECOND;
    }

    /** Whether what it owes may be taken back for a reader: not if that was done just now. */
    boolean mayGiveWay(long nowNanos) {
        return !gaveWay || nowNanos - gaveWayNanos > GIVING_WAY_NANOS;
    }

    /** What it owed without a time was taken back for a reader. */
    void gaveWay(long nowNanos) {
        gaveWay = true;
        gaveWayNanos = nowNanos;
    }

    /** Something it delivered is right. */
    void proved() {
        proven = true;
    }

    void asked(long groups, long nowNanos) {
        if (outstandingGroups == 0) {
            lastProgressNanos = nowNanos;
            intervalStartNanos = nowNanos;
            intervalGroups = 0;
            answerAwaited = true;
            intervalWaited = true;
        }
        outstandingGroups += groups;
    }

    /** Groups asked of it will not come. */
    void released(long groups) {
        outstandingGroups -= groups;
    }

    void delivered(long groups, long nowNanos) {
        outstandingGroups -= groups;
        if (answerAwaited) {
            latencyNanos = blend(latencyNanos, nowNanos - lastProgressNanos);
            answerAwaited = false;
        }
        lastProgressNanos = nowNanos;
        intervalGroups += groups;
        delivered = true;
        deliveredNanos = nowNanos;
        late = false;
        failures = 0;
        penalised = false;
        long interval = nowNanos - intervalStartNanos;
        // A near source answers all it was asked for within less, and would else never be asked for more.
        boolean soon = interval < RATE_INTERVAL_NANOS;
        if (!soon || (intervalWaited && outstandingGroups == 0)) {
            // Of a short time, and of what the origin is asked for when it is urgent, most is the way there and back.
            boolean atLeast = intervalWaited && (soon || isOrigin());
            measure(intervalGroups * 1e9 / Math.max(interval, LEAST_INTERVAL_NANOS), atLeast);
            intervalStartNanos = nowNanos;
            intervalGroups = 0;
            intervalWaited = false;
        }
    }

    /** @param atLeast whether it may well be faster than that */
    private void measure(double rate, boolean atLeast) {
        if (atLeast && !measured && isOrigin() && rate < groupsPerSecond) {
            // How fast an unknown origin is taken to be says nothing of a slow one: it keeps its probe meanwhile.
            return;
        }
        double shown = atLeast ? Math.max(rate, groupsPerSecond) : rate;
        double share = shown > groupsPerSecond ? NEW_SHARE_WHEN_FASTER : NEW_SHARE;
        groupsPerSecond = measured ? (1 - share) * groupsPerSecond + share * shown : shown;
        measured = true;
    }

    private long blend(long before, long sample) {
        return delivered ? (long) ((1 - NEW_SHARE) * before + NEW_SHARE * sample) : sample;
    }

    /** It answered something else than groups, rightly: a hash tree. */
    public void wasHelpful() {
        failures = 0;
    }

    /** Forgets its failures, so that it may be asked at once. */
    public void forgive() {
        failures = 0;
        penalised = false;
        told = false;
    }

    /** It is not asked again in this session. */
    public void ban() {
        banned = true;
    }

    /**
     * It failed: leave it alone for a while that doubles with each failure in a row, or as long as it asks for where that
     * is longer. Requests that fail together count once.
     *
     * @param retryAfterNanos 0 or more
     */
    public void failed(long retryAfterNanos, long nowNanos) {
        if (!leftAlone(nowNanos)) {
            int doublings = Math.min(failures, mostDoublings(retryAfterNanos > 0));
            penaltyEndNanos = nowNanos + (FIRST_PENALTY_NANOS << doublings);
            penalised = true;
            failures++;
        }
        long until = nowNanos + retryAfterNanos;
        if (retryAfterNanos > 0 && !(told && toldEndNanos - until > 0)) {
            told = true;
            toldEndNanos = until;
        }
    }

    private int mostDoublings(boolean told) {
        if (isOrigin()) {
            return MOST_ORIGIN_DOUBLINGS;
        }
        return told ? MOST_TOLD_DOUBLINGS : MOST_DOUBLINGS;
    }

    /** Nothing could have been heard of it in this time: that it was silent then says nothing. */
    void unheard(long fromNanos, long nowNanos) {
        lastProgressNanos += Math.min(nowNanos - fromNanos, nowNanos - lastProgressNanos);
        deliveredNanos += Math.min(nowNanos - fromNanos, nowNanos - deliveredNanos);
    }

    /** Whether it owes something and has been silent for far longer than it should take. */
    boolean silent(long nowNanos, long limitNanos) {
        long quiet = nowNanos - lastProgressNanos;
        double piece = 1e9 * PlanRules.PIECE_GROUPS / groupsPerSecond + latencyNanos;
        return outstandingGroups > 0 && quiet > Math.max((double) limitNanos, Math.min(2 * piece, 5.0 * limitNanos));
    }

    /** What it owes is expected no more, since it was too slow: that is what is known of it now. */
    void gaveUp(long nowNanos) {
        late = true;
        groupsPerSecond = groupsPerSecond(nowNanos);
        if (answerAwaited) {
            latencyNanos = Math.max(latencyNanos, nowNanos - lastProgressNanos);
        }
    }

    /** How fast it delivers; silence beyond its latency speaks against it. */
    double groupsPerSecond(long nowNanos) {
        double rate = Math.max(0.1, groupsPerSecond);
        if (outstandingGroups == 0) {
            return rate;
        }
        long quiet = nowNanos - lastProgressNanos - (answerAwaited ? latencyNanos : 0);
        return quiet <= 0 ? rate : Math.min(rate, 1e9 * PlanRules.PIECE_GROUPS / quiet);
    }

    /**
     * When a piece that it owes should be here, behind others that it owes too. A source that is late is expected to be
     * as late again by half: the longer it is silent, the longer it will be.
     */
    double owedSeconds(long groupsBefore, long piece, long nowNanos) {
        double quiet = (nowNanos - lastProgressNanos) / 1e9;
        return Math.max(pieceSeconds(piece) - quiet, quiet / 2) + groupsBefore / Math.max(0.1, groupsPerSecond);
    }

    /** Whether the next piece that it owes should have been here by now. */
    boolean overdue(long piece, long nowNanos) {
        return (nowNanos - lastProgressNanos) / 1e9 > pieceSeconds(piece);
    }

    private double pieceSeconds(long piece) {
        return (answerAwaited ? latencyNanos / 1e9 : 0) + piece / Math.max(0.1, groupsPerSecond);
    }

    /** How long it should take to deliver this many groups after all it owes. */
    public double arrivalSeconds(long groups, long nowNanos) {
        double wait = outstandingGroups == 0 || answerAwaited ? latencyNanos / 1e9 : 0;
        return wait + (outstandingGroups + groups) / groupsPerSecond(nowNanos);
    }

    /**
     * How many more groups it may be asked for now: of the origin and of a fast peer none, rather than the few that each
     * delivery makes room for, since a request costs the same whatever its length.
     */
    long room() {
        long capacity = capacityGroups();
        long room = Math.max(0, capacity - outstandingGroups);
        return room < leastRequest(capacity) ? 0 : room;
    }

    private long leastRequest(long capacity) {
        if (isOrigin()) {
            return Math.min(PlanRules.ORIGIN_REQUEST_GROUPS, capacity / MANY_REQUESTS);
        }
        return capacity < MANY_REQUESTS * PlanRules.REQUEST_GROUPS ? 0 : PlanRules.REQUEST_GROUPS;
    }

    /** Whether it may be asked for so much now; the origin, and a peer that owes nothing, for a part of it too. */
    boolean takes(long groups) {
        long room = room();
        return room >= groups || (room > 0 && (isOrigin() || outstandingGroups == 0));
    }

    private long capacityGroups() {
        if (!measured) {
            return isOrigin() ? ORIGIN_PROBE_GROUPS : PROBE_GROUPS;
        }
        boolean fast = isOrigin() || groupsPerSecond * SLOW_CAPACITY_SECONDS >= PlanRules.REQUEST_GROUPS;
        double seconds =
                (fast ? CAPACITY_SECONDS : SLOW_CAPACITY_SECONDS) + 1.5 * Math.min((double) latencyNanos, 1e9) / 1e9;
        long least = isOrigin() ? LEAST_ORIGIN_GROUPS : LEAST_PEER_GROUPS;
        return Math.max(least, Math.min(MOST_GROUPS, (long) (groupsPerSecond * seconds)));
    }
}
