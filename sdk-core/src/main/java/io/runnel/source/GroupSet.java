package io.runnel.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * An immutable set of chunk groups, kept as sorted, disjoint, non-adjacent runs. Safe for use on any thread. Adding and
 * removing cost time linear in the number of runs; asking is logarithmic in it.
 */
public final class GroupSet {
    /** Up to this many bounds a walk is faster than a search. */
    private static final int FEW = 8;

    private static final GroupSet EMPTY = new GroupSet(new long[0]);

    /** first0, end0, first1, end1, ...: strictly ascending. */
    private final long[] bounds;

    private GroupSet(long[] bounds) {
        this.bounds = bounds;
    }

    /** The set without a group. */
    public static GroupSet empty() {
        return EMPTY;
    }

    /** The groups of one range. */
    public static GroupSet of(GroupRange range) {
        return range.isEmpty() ? EMPTY : new GroupSet(new long[] {range.first(), range.end()});
    }

    /** The groups in any of these ranges, which may overlap. */
    public static GroupSet of(Collection<GroupRange> ranges) {
        GroupRange[] sorted = ranges.toArray(new GroupRange[0]);
        Arrays.sort(sorted, Comparator.comparingLong(GroupRange::first));
        long[] out = new long[2 * sorted.length];
        int n = 0;
        for (GroupRange range : sorted) {
            if (n > 0 && range.first() <= out[n - 1]) {
                out[n - 1] = Math.max(out[n - 1], range.end());
            } else if (!range.isEmpty()) {
                out[n++] = range.first();
                out[n++] = range.end();
            }
        }
        return n == 0 ? EMPTY : new GroupSet(n == out.length ? out : Arrays.copyOf(out, n));
    }

    /** The groups {@code [0, count)}. */
    public static GroupSet all(long count) {
        return of(new GroupRange(0, count));
    }

    /** Number of groups. */
    public long count() {
        long total = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            total += bounds[i + 1] - bounds[i];
        }
        return total;
    }

    /** Whether the set has no group. */
    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** Number of runs. */
    public int runCount() {
        return bounds.length / 2;
    }

    /** The runs in ascending order. */
    public List<GroupRange> runs() {
        List<GroupRange> runs = new ArrayList<>(bounds.length / 2);
        for (int i = 0; i < bounds.length; i += 2) {
            runs.add(new GroupRange(bounds[i], bounds[i + 1]));
        }
        return runs;
    }

    /** Whether the group is in the set. */
    public boolean contains(long group) {
        return runEnd(group) > group;
    }

    /** Whether every group of the range is in the set; true for an empty range. */
    public boolean containsAll(GroupRange range) {
        return range.isEmpty() || runEnd(range.first()) >= range.end();
    }

    /** Whether every group of the other set is in this one. */
    public boolean containsAll(GroupSet other) {
        for (int i = 0; i < other.bounds.length; i += 2) {
            if (runEnd(other.bounds[i]) < other.bounds[i + 1]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The end of the run that holds {@code group}, or {@code group} itself where the set does not hold it: so
     * {@code runEnd(g) - g} is how many groups from g on are here.
     */
    public long runEnd(long group) {
        int i = boundsUpTo(group);
        return (i & 1) == 1 ? bounds[i] : group;
    }

    /** The first group at or after {@code from} that is in the set, or -1. */
    public long nextPresent(long from) {
        int i = boundsUpTo(from);
        if ((i & 1) == 1) {
            return from;
        }
        return i < bounds.length ? bounds[i] : -1;
    }

    /** The first group at or after {@code from} that is not in the set. */
    public long nextAbsent(long from) {
        return runEnd(from);
    }

    /** This set and the groups of the range. */
    public GroupSet plus(GroupRange range) {
        return range.isEmpty() || containsAll(range) ? this : splice(range, true);
    }

    /** This set without the groups of the range. */
    public GroupSet minus(GroupRange range) {
        return range.isEmpty() || isEmpty() ? this : splice(range, false);
    }

    /** The groups in either set. */
    public GroupSet union(GroupSet other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        return merge(other, true);
    }

    /** The groups of this set that are not in the other. */
    public GroupSet minus(GroupSet other) {
        return isEmpty() || other.isEmpty() ? this : merge(other, false);
    }

    /** One sweep over the bounds of both: those in either, or those in this one alone. */
    private GroupSet merge(GroupSet other, boolean either) {
        long[] out = new long[bounds.length + other.bounds.length];
        int n = 0;
        int i = 0;
        int j = 0;
        while (i < bounds.length || j < other.bounds.length) {
            long mine = i < bounds.length ? bounds[i] : Long.MAX_VALUE;
            long theirs = j < other.bounds.length ? other.bounds[j] : Long.MAX_VALUE;
            long at = Math.min(mine, theirs);
            i += mine == at ? 1 : 0;
            j += theirs == at ? 1 : 0;
            boolean inMine = (i & 1) == 1;
            boolean inTheirs = (j & 1) == 1;
            boolean present = either ? inMine || inTheirs : inMine && !inTheirs;
            if (present != ((n & 1) == 1)) {
                out[n++] = at;
            }
        }
        return n == 0 ? EMPTY : new GroupSet(n == out.length ? out : Arrays.copyOf(out, n));
    }

    /** Number of bounds at or below {@code group}: odd inside a run, even outside. */
    private int boundsUpTo(long group) {
        if (bounds.length <= FEW) {
            int i = 0;
            while (i < bounds.length && bounds[i] <= group) {
                i++;
            }
            return i;
        }
        int at = Arrays.binarySearch(bounds, group);
        return at >= 0 ? at + 1 : -at - 1;
    }

    private GroupSet splice(GroupRange range, boolean present) {
        // Bounds strictly before the range, its own where they change something, then those strictly after it.
        long[] out = new long[bounds.length + 2];
        int n = 0;
        int i = 0;
        while (i < bounds.length && bounds[i] < range.first()) {
            out[n++] = bounds[i++];
        }
        if (((n & 1) == 1) != present) {
            out[n++] = range.first();
        }
        while (i < bounds.length && bounds[i] <= range.end()) {
            i++;
        }
        if (((i & 1) == 1) != present) {
            out[n++] = range.end();
        }
        while (i < bounds.length) {
            out[n++] = bounds[i++];
        }
        return n == 0 ? EMPTY : new GroupSet(n == out.length ? out : Arrays.copyOf(out, n));
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof GroupSet that && Arrays.equals(bounds, that.bounds));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    @Override
    public String toString() {
        return runs().toString();
    }
}
