package io.runnel.engine.plan;

import io.runnel.source.GroupRange;

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

    boolean dated() {
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
