package io.runnel.engine.plan;

import java.time.Duration;

/**
 * The numbers of the planner. Times in nanoseconds, sizes in groups of 16 KiB.
 *
 * @param urgentNanos groups due within four times what the origin takes, but no more than this and no less than two
 *     fifths of it, go to whoever delivers in time, the origin included. Default 2.5 s: a request of the origin on a slow
 *     path (1 s) may fail once and be made again
 * @param safetyNanos a peer is trusted with a group only if it should arrive this much before it is due. Default 400 ms:
 *     two round trips of a long path
 * @param patienceNanos a group without a time is given to a peer only if it should arrive within this. Default 5 s
 * @param silenceNanos a source that owes something and is silent for this long, and for twice what a piece takes from
 *     it (five times this at most), has what is not far from due given to others. Default 1 s
 * @param originSilenceNanos the same for the origin, which may have to fetch from afar itself. Default 3 s
 * @param peerWaitNanos how long a blob waits for peers before the origin delivers what is not urgent, at most. Default 2 s
 * @param copies members elected to fetch a range from the origin as soon as it is wanted. Default 1: in the simulator a
 *     second copy costs the origin as much again and saves nothing
 * @param ladderNanos time before the due time at which more members are elected, four times as many at each half of it.
 *     Default 6 s: half of what a live player is behind the edge; peers have the other half to pass the range on
 * @param electionGroups groups of a range that is elected for together. Default 16 (256 KiB): about half a second of
 *     video, so that more members bring in what comes next
 */
public record PlanRules(
        long urgentNanos,
        long safetyNanos,
        long patienceNanos,
        long silenceNanos,
        long originSilenceNanos,
        long peerWaitNanos,
        int copies,
        long ladderNanos,
        int electionGroups) {
    /** The most groups in one request: 512 KiB, cheap beside its bytes, and several sources share a window. */
    static final int REQUEST_GROUPS = 32;

    /** The most groups in one request where there is nobody but the origin: 1 MiB, as it reads ranges. */
    static final int ORIGIN_REQUEST_GROUPS = 64;

    /** The most groups in one message of a peer: what may arrive at once. */
    static final int PIECE_GROUPS = 8;

    /** Hedges may bring at most one group in this many twice. */
    static final long HEDGE_SHARE = 100;

    /** Groups ahead of a reader that one plan looks at: 16 MiB. */
    static final int WINDOW_GROUPS = 1024;

    /** What a reader needs after this is late: it has the time to come from a busy peer. */
    static final long LATE_NANOS = 5_000_000_000L;

    /** Seconds' worth of what is late that peers are asked for at a time by a blob just opened. */
    static final double LATE_SECONDS = 0.1;

    /** One second's worth more for each such time that the blob is open. */
    static final long LATE_GROWTH_NANOS = 40_000_000_000L;

    /** The origin helps a download whose peers together deliver less than this share of the origin's rate. */
    static final double SLOW_SHARE = 0.25;

    /** What is due within this is urgent however soon the origin would deliver it. */
    long leastUrgentNanos() {
        return urgentNanos * 2 / 5;
    }

    /** The defaults. */
    public static PlanRules defaults() {
        return new PlanRules(
                millis(2500), millis(400), millis(5000), millis(1000), millis(3000), millis(2000), 1, millis(6000), 16);
    }

    /** These rules with another wait for peers. */
    public PlanRules withPeerWait(Duration wait) {
        return new PlanRules(
                urgentNanos,
                safetyNanos,
                patienceNanos,
                silenceNanos,
                originSilenceNanos,
                wait.toNanos(),
                copies,
                ladderNanos,
                electionGroups);
    }

    /** These rules with another limit on silence: of the origin, and of peers where it is shorter than theirs. */
    public PlanRules withStallTimeout(Duration timeout) {
        long nanos = timeout.toNanos();
        return new PlanRules(
                urgentNanos,
                safetyNanos,
                patienceNanos,
                Math.min(silenceNanos, nanos),
                nanos,
                peerWaitNanos,
                copies,
                ladderNanos,
                electionGroups);
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
