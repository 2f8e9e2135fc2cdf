package io.runnel.engine.plan;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.Seat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pass that gives free groups to sources. First what is due soon, nearest first, over all blobs: to a peer that
 * delivers in time, else to whoever delivers first, the origin included. Then what is not: to peers, rarest first; what no
 * peer holds to the origin, by whom the {@link Election} names.
 */
final class Assigner {
    private final PlanRules rules;
    private final long self;
    private final List<BlobPlan> blobs;
    private final long now;
    private final List<Step> steps;
    private long budget;

    Assigner(PlanRules rules, long self, List<BlobPlan> blobs, long now, long budget, List<Step> steps) {
        this.rules = rules;
        this.self = self;
        this.blobs = blobs;
        this.now = now;
        this.budget = budget;
        this.steps = steps;
    }

    /** A demand with the blob it is on. Groups that are taken are shared by all demands of a blob. */
    private static final class Wish {
        final BlobView blob;
        final Demand demand;

        Wish(BlobView blob, Demand demand) {
            this.blob = blob;
            this.demand = demand;
        }
    }

    /** A blob during one pass. */
    private static final class BlobView {
        final BlobPlan plan;
        GroupSet taken;

        BlobView(BlobPlan plan) {
            this.plan = plan;
            GroupSet all = plan.have();
            for (Holder holder : plan.holders) {
                for (Request request : holder.requests) {
                    all = all.plus(request.missing());
                }
            }
            this.taken = all;
        }

        boolean anyPeerReady(long now) {
            for (Holder holder : plan.holders) {
                if (holder.isPeer() && holder.party().room() > 0 && holder.usable(now)) {
                    return true;
                }
            }
            return false;
        }
    }

    void run() {
        List<Wish> wishes = new ArrayList<>();
        for (BlobPlan blob : blobs) {
            BlobView view = new BlobView(blob);
            for (Demand demand : blob.demands()) {
                wishes.add(new Wish(view, demand));
            }
        }
        wishes.sort(Comparator.comparing((Wish wish) -> wish.demand.priority())
                .thenComparingLong(wish -> wish.demand.dueNanos()));
        for (Wish wish : wishes) {
            urgent(wish);
        }
        for (Wish wish : wishes) {
            ahead(wish);
        }
    }

    // What is due soon.

    private void urgent(Wish wish) {
        Demand demand = wish.demand;
        long end = demand.firstDueAfter(now + urgentNanos(wish.blob.plan));
        long group = nextFree(wish.blob, demand.groups().first(), end);
        while (group >= 0 && budget > 0) {
            long due = demand.due(group);
            Holder holder = forUrgent(wish.blob.plan, group, (due - now) / 1e9);
            if (holder == null) {
                group = nextFree(wish.blob, group + 1, end);
                continue;
            }
            AskReason reason = AskReason.PEER;
            if (!holder.isPeer()) {
                reason = due - now < rules.urgentNanos() / 4 ? AskReason.STARTUP : AskReason.URGENT;
            }
            long limit = Math.min(end, group + unitGroups(demand));
            group = nextFree(wish.blob, give(wish.blob, holder, group, limit, reason), end);
        }
    }

    /** Four times what the origin takes to deliver, within bounds: so it may fail once and be asked again. */
    private long urgentNanos(BlobPlan blob) {
        long longest = 0;
        for (Holder holder : blob.holders) {
            if (!holder.isPeer()) {
                double seconds = holder.party().arrivalSeconds(2 * PlanRules.PIECE_GROUPS, now);
                longest = Math.max(longest, (long) (4e9 * seconds));
            }
        }
        return Math.max(rules.urgentNanos() * 2 / 5, Math.min(rules.urgentNanos(), longest));
    }

    /** A peer that delivers in time; else whoever delivers first. */
    private @Nullable Holder forUrgent(BlobPlan blob, long group, double slackSeconds) {
        Holder peer = null;
        Holder any = null;
        double peerSeconds = slackSeconds - rules.safetyNanos() / 1e9;
        double anySeconds = Double.MAX_VALUE;
        for (Holder holder : blob.holders) {
            if (able(holder, group)) {
                double seconds = holder.party().arrivalSeconds(1, now);
                if (seconds < anySeconds) {
                    any = holder;
                    anySeconds = seconds;
                }
                if (holder.isPeer() && holder.party().proven() && seconds < peerSeconds) {
                    peer = holder;
                    peerSeconds = seconds;
                }
            }
        }
        return peer != null ? peer : any;
    }

    private boolean able(Holder holder, long group) {
        return holder.party().room() > 0
                && holder.usable(now)
                && holder.available().contains(group);
    }

    // What is not.

    private static final Comparator<Unit> UNIT_ORDER = Comparator.comparingLong(Unit::bucket)
            .thenComparingInt(Unit::holders)
            .thenComparingLong(Unit::order);

    /**
     * A few free groups in a row.
     *
     * @param bucket when they are due, in steps
     * @param holders how many peers hold the first of them, {@code Integer.MAX_VALUE} for all
     */
    private record Unit(long first, long end, long bucket, int holders, long order) {}

    private void ahead(Wish wish) {
        BlobPlan blob = wish.blob.plan;
        boolean originHelps = wish.demand.priority() != Demand.Priority.READER && peersSlow(blob);
        long lateFrom = wish.demand.dated() ? now + PlanRules.LATE_NANOS : Demand.NEVER;
        long lateGroups = lateGroups(wish, lateFrom);
        for (Unit unit : units(wish)) {
            if (budget <= 0) {
                return;
            }
            if (unit.holders() > 0 && !originHelps && !wish.blob.anyPeerReady(now)) {
                continue;
            }
            long group = nextFree(wish.blob, unit.first(), unit.end());
            if (group < 0) {
                continue;
            }
            long due = wish.demand.due(group);
            if (unit.holders() > 0 && due > lateFrom && lateGroups <= 0) {
                continue;
            }
            Holder peer = unit.holders() > 0 ? forAhead(blob, group, due, originHelps) : null;
            if (peer != null) {
                AskReason reason = peer.isPeer() ? AskReason.PEER : AskReason.PEERS_SLOW;
                long end = give(wish.blob, peer, group, unit.end(), reason);
                lateGroups -= due > lateFrom ? end - group : 0;
            } else if (unit.holders() == 0) {
                AskReason reason = originFor(wish, group, originHelps);
                Holder origin = reason == null ? null : origin(blob, group);
                if (origin != null && reason != null) {
                    give(wish.blob, origin, group, unit.end(), reason);
                }
            }
        }
    }

    /**
     * How many more groups may be asked of peers that are due late: few for a blob just opened, more the longer it is open.
     * Where a crowd begins together uplinks are short, and what somebody needs soon must not wait behind what is not.
     */
    private long lateGroups(Wish wish, long from) {
        if (!wish.demand.dated()) {
            return Long.MAX_VALUE;
        }
        double seconds = PlanRules.LATE_SECONDS + wish.blob.plan.openNanos(now) / (double) PlanRules.LATE_GROWTH_NANOS;
        long groups = (long) (wish.demand.groupsPerSecond() * seconds);
        for (Holder holder : wish.blob.plan.holders) {
            for (Request request : holder.requests) {
                if (holder.isPeer() && wish.demand.due(request.next()) > from) {
                    groups -= request.missing().count();
                }
            }
        }
        return groups;
    }

    private List<Unit> units(Wish wish) {
        Demand demand = wish.demand;
        int size = unitGroups(demand);
        long end = demand.groups().end();
        long group = nextFree(wish.blob, demand.groups().first(), end);
        List<Unit> units = new ArrayList<>();
        if (group < 0) {
            return units;
        }
        Rarity rarity = new Rarity(wish.blob.plan, group, Math.min(end, group + PlanRules.WINDOW_GROUPS));
        while (group >= 0 && group < rarity.end()) {
            long unitEnd = Math.min(end, (group / size + 1) * size);
            int holders = rarity.holders(group);
            // What all peers hold is nobody's rarity: then in order, as readers want it.
            boolean rare = holders > 0 && holders < rarity.peers();
            int rank = rare ? holders : holders > 0 ? Integer.MAX_VALUE : 0;
            long order = rare ? Election.mix(self ^ group / size) >>> 1 : group;
            units.add(new Unit(group, unitEnd, bucket(demand, group), rank, order));
            group = nextFree(wish.blob, unitEnd, end);
        }
        units.sort(UNIT_ORDER);
        return units;
    }

    /** What is due sooner comes before what is rarer, in steps. */
    private long bucket(Demand demand, long group) {
        return demand.dated() ? (demand.due(group) - now) / (rules.ladderNanos() / 2) : 0;
    }

    /** The source that delivers it first and in time. */
    private @Nullable Holder forAhead(BlobPlan blob, long group, long due, boolean originHelps) {
        double limit = due == Demand.NEVER ? rules.patienceNanos() / 1e9 : (due - now - rules.safetyNanos()) / 1e9 / 2;
        Holder best = null;
        for (Holder holder : blob.holders) {
            if ((holder.isPeer() || originHelps) && able(holder, group)) {
                double seconds = holder.party().arrivalSeconds(1, now);
                if (seconds < limit) {
                    best = holder;
                    limit = seconds;
                }
            }
        }
        return best;
    }

    /** Why the origin should deliver what no peer holds; null where it should not, yet. */
    private @Nullable AskReason originFor(Wish wish, long group, boolean originHelps) {
        BlobPlan blob = wish.blob.plan;
        long due = wish.demand.due(group);
        if (!blob.peersMayCome()) {
            return AskReason.NO_PEERS;
        }
        Seat seat = blob.seat();
        if (seat != null && !originHelps) {
            if (due - now > 2 * rules.ladderNanos() && due != Demand.NEVER && !blob.peersHadTime(now, rules)) {
                // Seats are still being taken.
                return null;
            }
            long range = group / rules.electionGroups();
            int steps = ladderSteps(blob, due);
            boolean late = steps == 0 && halfGone(wish.demand, due);
            long copies = late ? 2L * rules.copies() : (long) rules.copies() << Math.min(2 * steps, 40);
            if (Election.elected(blob.seed, range, seat, (int) Math.min(copies, Integer.MAX_VALUE))) {
                return steps == 0 && !late ? AskReason.ELECTED : AskReason.NO_PEER_HOLDS;
            }
            return null;
        }
        if (!blob.peersHadTime(now, rules)) {
            return null;
        }
        return blob.anyPeer() ? AskReason.NO_PEER_HOLDS : AskReason.NO_PEERS;
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

    private @Nullable Holder origin(BlobPlan blob, long group) {
        Holder best = null;
        for (Holder holder : blob.holders) {
            if (!holder.isPeer() && able(holder, group)) {
                best = holder;
            }
        }
        return best;
    }

    /** Whether all peers together deliver far less than the origin would, or nothing although they had their time. */
    private boolean peersSlow(BlobPlan blob) {
        double peers = 0;
        double origin = 0;
        for (Holder holder : blob.holders) {
            double rate = holder.party().groupsPerSecond(now);
            if (!holder.isPeer()) {
                // One that was never asked is taken for a usual one: else a single peer at a crawl would keep it out.
                origin = Math.max(origin, rate);
            } else if (holder.party().proven() && holder.usable(now)) {
                peers += rate;
            }
        }
        return blob.peersHadTime(now, rules) && (peers == 0 || peers < origin * PlanRules.SLOW_SHARE);
    }

    // Both.

    /** Groups in one request: a quarter of a second of a stream, so that many peers share it; else what is cheapest. */
    private static int unitGroups(Demand demand) {
        if (!demand.dated()) {
            return PlanRules.REQUEST_GROUPS;
        }
        int quarter = Integer.highestOneBit((int) Math.max(1, demand.groupsPerSecond() / 4));
        return Math.max(PlanRules.PIECE_GROUPS, Math.min(PlanRules.REQUEST_GROUPS, quarter));
    }

    /** The first group from {@code from} on that is provable and not taken, or -1. */
    private static long nextFree(BlobView blob, long from, long end) {
        GroupSet provable = blob.plan.provable();
        long group = from;
        while (group < end) {
            long free = blob.taken.nextAbsent(group);
            group = provable.nextPresent(free);
            if (group < 0 || group >= end) {
                return -1;
            }
            if (group == free) {
                return free;
            }
        }
        return -1;
    }

    /** Asks for free groups from {@code group} on, as far as all bounds go; returns where it ended. */
    private long give(BlobView blob, Holder holder, long group, long limit, AskReason reason) {
        long end = Math.min(limit, group + Math.min(holder.party().room(), budget));
        end = Math.min(end, holder.available().runEnd(group));
        end = Math.min(end, blob.plan.provable().runEnd(group));
        long taken = blob.taken.nextPresent(group);
        if (taken >= 0) {
            end = Math.min(end, taken);
        }
        GroupRange groups = new GroupRange(group, end);
        ask(blob.plan, holder, groups, reason, now, steps);
        blob.taken = blob.taken.plus(groups);
        budget -= groups.count();
        return end;
    }

    static Request ask(BlobPlan blob, Holder holder, GroupRange groups, AskReason reason, long now, List<Step> steps) {
        Request request = new Request(holder, groups, reason);
        holder.requests.add(request);
        holder.party().asked(groups.count(), now);
        steps.add(new Step(Step.Kind.ASK, blob, request));
        return request;
    }
}
