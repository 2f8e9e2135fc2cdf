package io.runnel.engine;

import io.runnel.source.BlobSource;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session knows of one source: what is asked of it, how fast it is, how it behaved. Owned by the engine loop.
 *
 * <p>A source is never asked for more than it delivers in a third of a second, so that it can be overtaken soon and the
 * next decision finds it with little ahead of it. A source that is limited by that bound doubles its measured rate with
 * each round trip shorter than this, as a congestion window would grow.
 */
final class SourceState {
    /** A peer is dropped at the first lie; the origin may have one damaged copy in a cache and gets two more tries. */
    private static final int ORIGIN_STRIKES = 3;

    private static final long FIRST_CAPACITY_GROUPS = 64;
    private static final long LEAST_CAPACITY_GROUPS = 16;
    private static final long MOST_CAPACITY_GROUPS = 384;
    private static final double CAPACITY_SECONDS = 0.33;
    private static final double FIRST_GROUPS_PER_SECOND = 200;
    private static final long RATE_INTERVAL_NANOS = 50_000_000;
    private static final long FIRST_PENALTY_NANOS = 500_000_000L;
    private static final int MOST_DOUBLINGS = 5;

    final BlobSource source;
    final List<ActiveTransfer> active = new ArrayList<>();
    long outstandingGroups;
    int failures;
    int strikes;
    boolean gone;

    @Nullable SourceException lastFailure;

    private double groupsPerSecond = FIRST_GROUPS_PER_SECOND;
    private boolean measured;
    private long intervalStartNanos;
    private long intervalGroups;
    private long lastProgressNanos;
    private long penaltyEndNanos;
    private boolean penalised;

    SourceState(BlobSource source) {
        this.source = source;
    }

    SourceInfo info() {
        return source.info();
    }

    boolean isOrigin() {
        return info().kind() == SourceInfo.Kind.ORIGIN;
    }

    /** Whether it lied too often to be asked again. */
    boolean banned() {
        return strikes >= (isOrigin() ? ORIGIN_STRIKES : 1);
    }

    boolean usable(long nowNanos) {
        return !gone && !banned() && !(penalised && nowNanos - penaltyEndNanos < 0);
    }

    /** Something was asked of it. */
    void asked(long groups, long nowNanos) {
        if (outstandingGroups == 0) {
            lastProgressNanos = nowNanos;
            intervalStartNanos = nowNanos;
            intervalGroups = 0;
        }
        outstandingGroups += groups;
    }

    /** It delivered whole groups. */
    void delivered(long groups, long nowNanos) {
        outstandingGroups -= groups;
        lastProgressNanos = nowNanos;
        intervalGroups += groups;
        failures = 0;
        penalised = false;
        long interval = nowNanos - intervalStartNanos;
        if (interval >= RATE_INTERVAL_NANOS) {
            double rate = intervalGroups * 1e9 / interval;
            groupsPerSecond = measured ? 0.7 * groupsPerSecond + 0.3 * rate : rate;
            measured = true;
            intervalStartNanos = nowNanos;
            intervalGroups = 0;
        }
    }

    /** Leave it alone for a while that doubles with each failure in a row, or as long as it asks for. */
    void penalise(SourceException failure, long nowNanos) {
        lastFailure = failure;
        long backOff = FIRST_PENALTY_NANOS << Math.min(failures, MOST_DOUBLINGS);
        failures++;
        penalised = true;
        penaltyEndNanos = nowNanos + Math.max(backOff, failure.retryAfter().toNanos());
    }

    /** Forgets its failures, so that it may be asked at once. */
    void forgive() {
        failures = 0;
        penalised = false;
    }

    boolean stalled(long nowNanos, long limitNanos) {
        return outstandingGroups > 0 && nowNanos - lastProgressNanos > limitNanos;
    }

    double groupsPerSecond() {
        return Math.max(1, groupsPerSecond);
    }

    long capacityGroups() {
        if (!measured) {
            return FIRST_CAPACITY_GROUPS;
        }
        long capacity = (long) (groupsPerSecond * CAPACITY_SECONDS);
        return Math.max(LEAST_CAPACITY_GROUPS, Math.min(MOST_CAPACITY_GROUPS, capacity));
    }
}
