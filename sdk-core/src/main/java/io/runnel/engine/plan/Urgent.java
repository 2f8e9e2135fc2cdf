package io.runnel.engine.plan;

import java.util.List;
import java.util.PriorityQueue;
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

    /** What of one wish is due soon, and where in it the plan has come to. */
    private static final class Turn implements Comparable<Turn> {
        final Pass.Wish wish;

        /** Of the wishes, in the order of who comes first. */
        final int rank;

        final long end;
        long group;

        Turn(Pass.Wish wish, int rank, long end) {
            this.wish = wish;
            this.rank = rank;
            this.end = end;
            this.group = wish.demand.groups().first();
        }

        /** Goes on to what is free; whether there is any. */
        boolean advance() {
            group = Pass.nextFree(wish.blob, group, end);
            return group >= 0;
        }

        long due() {
            return wish.demand.due(group);
        }

        @Override
        public int compareTo(Turn other) {
            int byPriority = wish.demand.priority().compareTo(other.wish.demand.priority());
            if (byPriority != 0) {
                return byPriority;
            }
            return due() != other.due() ? Long.compare(due(), other.due()) : Integer.compare(rank, other.rank);
        }
    }

    /**
     * One request at a time to who needs something next: else the first of several readers would take all room.
     *
     * @param wishes who comes first, first
     */
    void assign(List<Pass.Wish> wishes) {
        PriorityQueue<Turn> turns = new PriorityQueue<>();
        for (Pass.Wish wish : wishes) {
            Turn turn = new Turn(wish, turns.size(), wish.demand.firstDueAfter(pass.now + windowNanos(wish.blob.plan)));
            if (turn.advance()) {
                turns.add(turn);
            }
        }
        while (!turns.isEmpty() && !pass.spent()) {
            Turn turn = turns.remove();
            // Another reader of the blob may have been given it.
            if (turn.advance()) {
                ask(turn);
                if (turn.advance()) {
                    turns.add(turn);
                }
            }
        }
    }

    /** Asks for the next groups of a wish, or passes over one that nobody can bring. */
    private void ask(Turn turn) {
        BlobPlan blob = turn.wish.blob.plan;
        Holder holder = source(blob, turn.group, turn.due());
        long limit = Math.min(turn.end, turn.group + Pass.unitGroups(turn.wish));
        if (holder == null) {
            turn.group = blob.holders.stream().anyMatch(pass::ready) ? turn.group + 1 : turn.end;
        } else {
            AskReason reason = holder.isPeer() ? AskReason.PEER : AskReason.URGENT;
            turn.group = pass.give(turn.wish.blob, holder, turn.group, limit, reason);
        }
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
        return Math.max(pass.rules.leastUrgentNanos(), Math.min(most, longest));
    }

    /** A peer that delivers in time; else the origin while it still can, or whoever delivers first; null where nobody can. */
    private @Nullable Holder source(BlobPlan blob, long group, long due) {
        double leftSeconds = (due - pass.now) / 1e9;
        double slackSeconds = leftSeconds - pass.rules.safetyNanos() / 1e9;
        Holder best = null;
        boolean bestInTime = false;
        double bestSeconds = Double.MAX_VALUE;
        for (Holder holder : blob.holders) {
            if (pass.able(holder, group)) {
                double seconds = holder.party().arrivalSeconds(1, pass.now);
                boolean inTime = holder.isPeer() && holder.party().trusted() && seconds < slackSeconds;
                if (!inTime && holder.isPeer()) {
                    seconds = DOUBT * seconds + (holder.party().trusted() ? 0 : UNTRUSTED_SECONDS);
                } else if (!holder.isPeer() && Overtaking.lastMoment(leftSeconds - seconds)) {
                    // Before any peer that is not in time, however soon that is expected.
                    seconds = 0;
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
