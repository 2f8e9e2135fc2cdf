package io.runnel.source;

/**
 * A run of chunk groups of one blob, {@code [first, end)}. A chunk group is 16 KiB; the last of a blob may be shorter.
 *
 * @param first index of the first group, at least 0
 * @param end index after the last group, at least {@code first}
 */
public record GroupRange(long first, long end) {
    /** Rejects a negative start and an end before the start. */
    public GroupRange {
        if (first < 0 || end < first) {
            throw new IllegalArgumentException("group range [" + first + ", " + end + "): must be 0 <= first <= end");
        }
    }

    /** Number of groups. */
    public long count() {
        return end - first;
    }

    /** Whether the range has no group. */
    public boolean isEmpty() {
        return first == end;
    }

    /** Whether the group is in the range. */
    public boolean contains(long group) {
        return group >= first && group < end;
    }
}
