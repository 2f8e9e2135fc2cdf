package io.runnel.engine.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What is not due soon: to peers, nearest time first and rarest first among what is due together; what no peer holds to
 * the origin, where {@link OriginTurn} says that it is this member's turn.
 */
final class Ahead {
    private final Pass pass;
    private final long self;
    private final OriginTurn turn;

    Ahead(Pass pass, long self) {
        this.pass = pass;
        this.self = self;
        this.turn = new OriginTurn(pass.rules, pass.now);
    }

    /**
     * A few free groups in a row.
     *
     * @param bucket when they are due, in steps
     * @param holders how many credible peers hold the first of them, {@code Integer.MAX_VALUE} for all
     */
    private record Unit(long first, long end, long bucket, int holders, long order) implements Comparable<Unit> {
        @Override
        public int compareTo(Unit other) {
            if (bucket != other.bucket) {
                return Long.compare(bucket, other.bucket);
            }
            return holders != other.holders
                    ? Integer.compare(holders, other.holders)
                    : Long.compare(order, other.order);
        }
    }

    /** One wish, and where in it the plan has come to. */
    private final class Turn implements Comparable<Turn> {
        private final Pass.Wish wish;

        /** Of the wishes, in the order of who comes first. */
        private final int rank;

        /** Null before the first turn: others may have taken all room by then. */
        private @Nullable List<Unit> units;

        private int next;
        private boolean originHelps;

        /** What is due later than this is late, and how many more groups of it may be asked of peers. */
        private long lateFrom;

        private long lateGroups;

        Turn(Pass.Wish wish, int rank) {
            this.wish = wish;
            this.rank = rank;
        }

        @Override
        public int compareTo(Turn other) {
            int byPriority = wish.demand.priority().compareTo(other.wish.demand.priority());
            if (byPriority != 0) {
                return byPriority;
            }
            return bucket() != other.bucket()
                    ? Long.compare(bucket(), other.bucket())
                    : Integer.compare(rank, other.rank);
        }

        private long bucket() {
            return units == null
                    ? Ahead.this.bucket(wish.demand, wish.demand.groups().first())
                    : units.get(next).bucket();
        }

        /** Finds its units, or assigns the next of them; whether there are more. */
        boolean go() {
            List<Unit> found = units;
            if (found == null) {
                found = begin();
                units = found;
            } else {
                assign(found.get(next++));
            }
            return next < found.size();
        }

        private List<Unit> begin() {
            if (!anyReady(wish.blob.plan, true)) {
                return List.of();
            }
            originHelps = wish.demand.priority() != Demand.Priority.READER && turn.peersSlow(wish);
            lateFrom = wish.demand.dated() ? pass.now + PlanRules.LATE_NANOS : Demand.NEVER;
            lateGroups = lateGroups(wish, lateFrom);
            return units(wish);
        }

        private void assign(Unit unit) {
            BlobPlan blob = wish.blob.plan;
            boolean ready = anyReady(blob, originHelps);
            if (unit.holders() > 0 && !ready) {
                return;
            }
            long group = Pass.nextFree(wish.blob, unit.first(), unit.end());
            if (group < 0) {
                return;
            }
            long due = wish.demand.due(group);
            boolean late = due > lateFrom;
            boolean mayAsk = ready && !(late && lateGroups <= 0);
            Holder source = mayAsk ? source(blob, group, due, originHelps) : null;
            if (source != null && (source.isPeer() || unit.holders() > 0)) {
                AskReason reason = source.isPeer() ? AskReason.PEER : AskReason.PEERS_SLOW;
                long end = pass.give(wish.blob, source, group, unit.end(), reason);
                lateGroups -= late ? end - group : 0;
            } else if (unit.holders() == 0) {
                fromOrigin(wish, unit, group, originHelps);
            }
        }
    }

    /**
     * What is due sooner comes first, over all wishes: else one of two readers looks far ahead while the other has little.
     *
     * @param wishes who comes first, first
     */
    void assign(List<Pass.Wish> wishes) {
        PriorityQueue<Turn> turns = new PriorityQueue<>();
        for (Pass.Wish wish : wishes) {
            turns.add(new Turn(wish, turns.size()));
        }
        while (!turns.isEmpty() && !pass.spent()) {
            Turn first = turns.remove();
            if (first.go()) {
                turns.add(first);
            }
        }
    }

    private boolean anyReady(BlobPlan blob, boolean originHelps) {
        for (Holder holder : blob.holders) {
            if ((holder.isPeer() || originHelps) && pass.ready(holder)) {
                return true;
            }
        }
        return false;
    }

    private void fromOrigin(Pass.Wish wish, Unit unit, long group, boolean originHelps) {
        AskReason reason = turn.reason(wish.blob.plan, wish.demand, group, originHelps);
        if (reason == null) {
            return;
        }
        for (Holder holder : wish.blob.plan.holders) {
            if (!holder.isPeer() && pass.able(holder, group) && unhurried(wish.demand, reason, holder)) {
                pass.give(wish.blob, holder, group, unit.end(), reason);
                return;
            }
        }
    }

    /** What is not due soon takes half of the origin's room: what turns out to be urgent must not wait behind it. */
    private static boolean unhurried(Demand demand, AskReason reason, Holder origin) {
        Party party = origin.party();
        return !demand.dated() || reason == AskReason.NO_PEERS || party.room() > party.outstandingGroups();
    }

    /**
     * How many more groups may be asked of peers that are due late: few for a blob just opened, more the longer it is open.
     * Where a crowd begins together uplinks are short, and what somebody needs soon must not wait behind what is not.
     */
    private long lateGroups(Pass.Wish wish, long from) {
        if (!wish.demand.dated()) {
            return Long.MAX_VALUE;
        }
        double open = wish.blob.plan.openNanos(pass.now) / (double) PlanRules.LATE_GROWTH_NANOS;
        long groups = (long) (wish.demand.groupsPerSecond() * (PlanRules.LATE_SECONDS + open));
        for (Holder holder : wish.blob.plan.holders) {
            for (Request request : holder.requests) {
                if (holder.isPeer() && wish.demand.due(request.next()) > from) {
                    groups -= request.missing().count();
                }
            }
        }
        return groups;
    }

    private List<Unit> units(Pass.Wish wish) {
        Demand demand = wish.demand;
        int size = Pass.unitGroups(wish);
        long end = demand.groups().end();
        long group = Pass.nextFree(wish.blob, demand.groups().first(), end);
        List<Unit> units = new ArrayList<>();
        if (group < 0) {
            return units;
        }
        Rarity rarity = new Rarity(pass, wish.blob.plan, group, Math.min(end, group + PlanRules.WINDOW_GROUPS));
        while (group >= 0 && group < rarity.end()) {
            long unitEnd = Math.min(end, (group / size + 1) * size);
            if (!demand.dated()) {
                // What a peer holds is asked of it although nobody has what comes before; what is due comes in order.
                unitEnd = rarity.alikeEnd(group, unitEnd);
            }
            int holders = rarity.holders(group);
            // What all peers hold is nobody's rarity: then in order, as readers want it.
            boolean rare = holders > 0 && holders < rarity.peers();
            int rank = rare ? holders : holders > 0 ? Integer.MAX_VALUE : 0;
            long order = rare ? Election.mix(self ^ group / size) >>> 1 : group;
            units.add(new Unit(group, unitEnd, bucket(demand, group), rank, order));
            group = Pass.nextFree(wish.blob, unitEnd, end);
        }
        Collections.sort(units);
        return units;
    }

    /** What is due sooner comes before what is rarer, in steps. */
    private long bucket(Demand demand, long group) {
        return demand.dated() ? (demand.due(group) - pass.now) / (pass.rules.ladderNanos() / 2) : Demand.NEVER;
    }

    /**
     * The source that delivers it first and in time. What has no time may come from a source that owes nothing however
     * slow it seems: one that was silent for long would else never be asked again, and nobody know that it is not any more.
     * So may what is not urgent yet, where every peer was asked in vain, as where this side's own line has paused.
     */
    private @Nullable Holder source(BlobPlan blob, long group, long due, boolean originHelps) {
        long patience = pass.rules.patienceNanos();
        double limit = due == Demand.NEVER ? patience / 1e9 : (due - pass.now - pass.rules.safetyNanos()) / 1e9 / 2;
        boolean patient = due == Demand.NEVER
                || (due - pass.now > pass.rules.urgentNanos()
                        && blob.holders.stream().noneMatch(holder -> holder.credible(pass.now, pass.rules)));
        Holder best = null;
        for (Holder holder : blob.holders) {
            if ((holder.isPeer() || originHelps) && pass.able(holder, group)) {
                double seconds = holder.party().arrivalSeconds(1, pass.now);
                boolean idle = patient && holder.party().outstandingGroups() == 0;
                if (seconds < limit || (idle && best == null)) {
                    best = holder;
                    limit = Math.min(limit, seconds);
                }
            }
        }
        return best;
    }
}
