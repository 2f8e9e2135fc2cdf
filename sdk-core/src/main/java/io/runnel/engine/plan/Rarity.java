package io.runnel.engine.plan;

import io.runnel.source.GroupSet;

/** How many credible peers hold each group of a window. One sweep over what they hold, so that a plan costs little. */
final class Rarity {
    private final long first;
    private final int[] holders;
    private int peers;

    Rarity(Pass pass, BlobPlan blob, long first, long end) {
        this.first = first;
        this.holders = new int[(int) (end - first) + 1];
        for (Holder holder : blob.holders) {
            if (holder.credible(pass.now, pass.rules)) {
                peers++;
                add(holder.available(), end);
            }
        }
        for (int i = 1; i < holders.length; i++) {
            holders[i] += holders[i - 1];
        }
    }

    /** Marks where runs begin and end; the sums of the marks are the counts. */
    private void add(GroupSet available, long end) {
        long run = available.nextPresent(first);
        while (run >= 0 && run < end) {
            long runEnd = Math.min(end, available.runEnd(run));
            holders[(int) (run - first)]++;
            holders[(int) (runEnd - first)]--;
            run = available.nextPresent(runEnd);
        }
    }

    /** The window's end. */
    long end() {
        return first + holders.length - 1;
    }

    int peers() {
        return peers;
    }

    int holders(long group) {
        return holders[(int) (group - first)];
    }

    /** How far the groups from here on are held by somebody as this one is, or by nobody as this one. */
    long alikeEnd(long group, long end) {
        boolean held = holders(group) > 0;
        long next = group + 1;
        while (next < Math.min(end, end()) && holders(next) > 0 == held) {
            next++;
        }
        return next;
    }
}
