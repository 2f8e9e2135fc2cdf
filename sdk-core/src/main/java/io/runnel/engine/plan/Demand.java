package io.runnel.engine.plan;

import io.runnel.source.GroupRange;
import java.util.List;

/**
 * What one reader wants.
 *
 * @param groups from its position as far as it looks ahead
 * @param priority whose turn comes first where not all can be served
 * @param dueNanos when the first group is due, on the machine's clock; where {@code groupsPerSecond} is 0, nothing is due
 * @param groupsPerSecond how fast the reader goes on from there; 0 where it has no pace: a download, a prefetch
 */
public record Demand(GroupRange groups, Priority priority, long dueNanos, double groupsPerSecond) {
    /** When nothing is due. */
    public static final long NEVER = Long.MAX_VALUE;

    /** All that a reader waits for is due within this. */
    private static final double AWAITED_SECONDS = 0.5;

    /** Whose turn comes first. */
    public enum Priority {
        /** Somebody consumes the bytes. */
        READER,
        /** A file is filled. */
        DOWNLOAD,
        /** The store is filled, for later. */
        PREFETCH
    }

    /** Rejects a pace that is no rate. */
    public Demand {
        if (!(groupsPerSecond >= 0 && groupsPerSecond < 1e9)) {
            throw new IllegalArgumentException("groupsPerSecond: " + groupsPerSecond + ", must be 0 to 1e9");
        }
    }

    /** Groups that have no time. */
    public static Demand undated(GroupRange groups, Priority priority) {
        return new Demand(groups, priority, NEVER, 0);
    }

    /**
     * What a reader in order wants. While it waits its position stays, so that at its pace the last of what it waits for
     * would never come nearer: all of that is due within half a second.
     *
     * @param awaited the first groups it wants; it goes on once all of them are there
     * @param awaitedNanos when the first of them is due, on the machine's clock: where it has nothing left, when it began to
     *     wait, which is the same as time goes by; else each moment would be the last in which they could come in time
     * @param end as far as it looks ahead, no less than the end of these
     * @param dueNanos when the first group would be due if it came now
     * @param groupsPerSecond how fast it goes on, more than 0
     */
    public static List<Demand> inOrder(
            GroupRange awaited, long awaitedNanos, long end, long dueNanos, double groupsPerSecond) {
        GroupRange rest = new GroupRange(awaited.end(), end);
        long restDueNanos = dueNanos + (long) (awaited.count() * 1e9 / groupsPerSecond);
        double awaitedPace = Math.max(groupsPerSecond, awaited.count() / AWAITED_SECONDS);
        return List.of(
                new Demand(awaited, Priority.READER, awaitedNanos, awaitedPace),
                new Demand(rest, Priority.READER, restDueNanos, groupsPerSecond));
    }

    /** Whether its groups have a time at which they are due. */
    public boolean dated() {
        return groupsPerSecond > 0;
    }

    /** When a group is due. */
    long due(long group) {
        return dated() ? dueNanos + (long) ((group - groups.first()) * 1e9 / groupsPerSecond) : NEVER;
    }

    /** The first group that is due later than a moment; everything before is due by then. */
    long firstDueAfter(long nanos) {
        if (!dated() || nanos < dueNanos) {
            return groups.first();
        }
        long by = groups.first() + (long) ((nanos - dueNanos) / 1e9 * groupsPerSecond) + 1;
        return Math.min(groups.end(), by);
    }
}
