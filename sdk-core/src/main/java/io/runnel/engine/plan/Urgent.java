package io.runnel.engine.plan;

import org.jspecify.annotations.Nullable;

/**
 * What is due soon, nearest first: to a peer that delivers in time, else to whoever delivers first, the origin included.
 *
 * <p>What is passed from one late peer to the next is a stall in the end. So a peer is trusted only while it keeps its
 * word: who has proven nothing, or was overtaken and has not delivered since, comes after all others. And where nobody
 * leaves time for another try, a peer has to be clearly faster than the origin: its uplink is others' too, so that what is
 * expected of it is a guess.
 */
final class Urgent {
    /** How much longer than expected a peer may take. */
    private static final double DOUBT = 2;

    /** Longer than anybody takes: so that who is not trusted comes last. */
    private static final double UNTRUSTED_SECONDS = 1e6;

    private final Pass pass;

    Urgent(Pass pass) {
        this.pass = pass;
    }

    void assign(Pass.Wish wish) {
        Demand demand = wish.demand;
        long end = demand.firstDueAfter(pass.now + windowNanos(wish.blob.plan));
        long group = Pass.nextFree(wish.blob, demand.groups().first(), end);
        while (group >= 0 && !pass.spent()) {
            long due = demand.due(group);
            Holder holder = source(wish.blob.plan, group, due);
            if (holder == null) {
                group = Pass.nextFree(wish.blob, group + 1, end);
                continue;
            }
            long limit = Math.min(end, group + Pass.unitGroups(wish));
            long next = pass.give(wish.blob, holder, group, limit, reason(holder, due));
            group = Pass.nextFree(wish.blob, next, end);
        }
    }

    private AskReason reason(Holder holder, long due) {
        if (holder.isPeer()) {
            return AskReason.PEER;
        }
        return due - pass.now < pass.rules.urgentNanos() / 4 ? AskReason.STARTUP : AskReason.URGENT;
    }

    /** Four times what the origin takes to deliver, within bounds: so it may fail once and be asked again. */
    private long windowNanos(BlobPlan blob) {
        long longest = 0;
        for (Holder holder : blob.holders) {
            if (!holder.isPeer()) {
                double seconds = holder.party().arrivalSeconds(2 * PlanRules.PIECE_GROUPS, pass.now);
                longest = Math.max(longest, (long) (4e9 * seconds));
            }
        }
        long most = pass.rules.urgentNanos();
        return Math.max(most * 2 / 5, Math.min(most, longest));
    }

    /** A peer that delivers in time; else whoever delivers first; null where nobody can. */
    private @Nullable Holder source(BlobPlan blob, long group, long due) {
        double slackSeconds = (due - pass.now - pass.rules.safetyNanos()) / 1e9;
        Holder best = null;
        boolean bestInTime = false;
        double bestSeconds = Double.MAX_VALUE;
        for (Holder holder : blob.holders) {
            if (pass.able(holder, group)) {
                double seconds = holder.party().arrivalSeconds(1, pass.now);
                boolean inTime = holder.isPeer() && holder.party().trusted() && seconds < slackSeconds;
                if (!inTime && holder.isPeer()) {
                    seconds = DOUBT * seconds + (holder.party().trusted() ? 0 : UNTRUSTED_SECONDS);
                }
                if (inTime == bestInTime ? seconds < bestSeconds : inTime) {
                    best = holder;
                    bestInTime = inTime;
                    bestSeconds = seconds;
                }
            }
        }
        return best;
    }
}
