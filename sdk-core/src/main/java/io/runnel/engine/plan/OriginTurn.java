package io.runnel.engine.plan;

import io.runnel.source.Seat;
import org.jspecify.annotations.Nullable;

/** Whose turn it is to fetch from the origin what is not due soon: ADR 10. */
final class OriginTurn {
    private final PlanRules rules;
    private final long now;

    OriginTurn(PlanRules rules, long now) {
        this.rules = rules;
        this.now = now;
    }

    /** Why the origin should deliver what no peer holds; null where it should not, yet. */
    @Nullable AskReason reason(BlobPlan blob, Demand demand, long group, boolean originHelps) {
        if (!blob.peersMayCome()) {
            return AskReason.NO_PEERS;
        }
        Seat seat = blob.seat();
        if (seat != null && !originHelps) {
            return elected(blob, demand, group, seat);
        }
        if (!blob.peersHadTime(now, rules)) {
            return null;
        }
        return blob.anyPeer() ? AskReason.NO_PEER_HOLDS : AskReason.NO_PEERS;
    }

    private @Nullable AskReason elected(BlobPlan blob, Demand demand, long group, Seat seat) {
        long due = demand.due(group);
        if (due - now > 2 * rules.ladderNanos() && due != Demand.NEVER && !blob.peersHadTime(now, rules)) {
            // Seats are still being taken.
            return null;
        }
        // Who is not connected yet does not know what others hold, so the ladder waits; what is due soon is Urgent's
        // matter.
        boolean blind = !blob.anyPeer() && !blob.peersHadTime(now, rules);
        int steps = blind ? 0 : ladderSteps(blob, due);
        boolean late = steps == 0 && !blind && halfGone(demand, due);
        long copies = late ? 2L * rules.copies() : (long) rules.copies() << Math.min(2 * steps, 40);
        long range = group / rules.electionGroups();
        if (Election.elected(blob.seed, range, seat, (int) Math.min(copies, Integer.MAX_VALUE))) {
            return steps == 0 && !late ? AskReason.ELECTED : AskReason.NO_PEER_HOLDS;
        }
        return null;
    }

    /** Whether half of the time has passed since the reader began to want it: the owner may not want it at all. */
    private boolean halfGone(Demand demand, long due) {
        return demand.dated() && due - now < (demand.due(demand.groups().end()) - now) / 2;
    }

    /** How often more members were elected: once at the ladder's start, again at each half of the time that is left. */
    private int ladderSteps(BlobPlan blob, long due) {
        if (due == Demand.NEVER) {
            return (int) Math.min(20, blob.sincePeerNanos(now) * 2 / rules.patienceNanos());
        }
        int steps = 0;
        for (long left = rules.ladderNanos(); due - now < left && left > rules.urgentNanos() / 2; left /= 2) {
            steps++;
        }
        return steps;
    }

    /** Whether the peers together are far slower than the origin would be, or bring nothing although they had their time. */
    boolean peersSlow(Pass.Wish wish) {
        BlobPlan blob = wish.blob.plan;
        double peers = 0;
        double origin = 0;
        for (Holder holder : blob.holders) {
            double rate = holder.party().groupsPerSecond(now);
            if (!holder.isPeer()) {
                // One that was never asked is taken for a usual one: else a single peer at a crawl would keep it out.
                origin = Math.max(origin, rate);
            } else if (holder.party().proven() && holder.usable(now)) {
                peers += Math.min(rate, brings(wish, holder));
            }
        }
        return blob.peersHadTime(now, rules) && (peers == 0 || peers < origin * PlanRules.SLOW_SHARE);
    }

    /**
     * How much a peer may bring in a second at most: what it owes and what else it holds that may be asked for, and as much
     * as it brought lately, since members of a crowd have something new again and again. One that has next to nothing is not
     * fast, however soon that is here.
     */
    private double brings(Pass.Wish wish, Holder holder) {
        double lately = holder.quietNanos(now) < rules.patienceNanos() ? holder.broughtPerSecond(now) : 0;
        long owed = holder.requests.stream()
                .mapToLong(request -> request.missing().count())
                .sum();
        return lately + owed + Pass.couldBring(wish.blob, holder, wish.demand.groups());
    }
}
