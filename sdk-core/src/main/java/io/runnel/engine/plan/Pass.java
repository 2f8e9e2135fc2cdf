package io.runnel.engine.plan;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.util.ArrayList;
import java.util.List;

/** One plan in the making: what is free, what may still be asked for, and the steps so far. */
final class Pass {
    final PlanRules rules;
    final long now;
    private final List<Step> steps;
    private long budget;

    Pass(PlanRules rules, long now, long budget, List<Step> steps) {
        this.rules = rules;
        this.now = now;
        this.budget = budget;
        this.steps = steps;
    }

    /** A blob during the pass. */
    static final class BlobView {
        final BlobPlan plan;

        /** Held, on its way or asked for. */
        private GroupSet taken;

        BlobView(BlobPlan plan) {
            this.plan = plan;
            List<GroupRange> asked = new ArrayList<>();
            for (Holder holder : plan.holders) {
                for (Request request : holder.requests) {
                    asked.add(request.missing());
                }
            }
            this.taken = plan.have().union(GroupSet.of(asked));
        }

        /** Where the run of groups that may be asked for and are not taken ends, in which this one is. */
        private long freeEnd(long group) {
            long end = plan.provable().runEnd(group);
            long next = taken.nextPresent(group);
            return next < 0 ? end : Math.min(end, next);
        }
    }

    /** A demand with the blob it is on. Groups that are taken are shared by all demands of a blob. */
    static final class Wish {
        final BlobView blob;
        final Demand demand;

        Wish(BlobView blob, Demand demand) {
            this.blob = blob;
            this.demand = demand;
        }
    }

    boolean spent() {
        return budget <= 0;
    }

    /** Whether a source may be asked for a group now. */
    boolean able(Holder holder, long group) {
        return ready(holder) && holder.available().contains(group);
    }

    /** Whether a source may be asked for anything now. */
    boolean ready(Holder holder) {
        return holder.party().room() > 0 && holder.usable(now);
    }

    /** Groups in one request: a quarter of a second of a stream, so that many peers share it; else what is cheapest. */
    static int unitGroups(Wish wish) {
        if (!wish.demand.dated()) {
            return wish.blob.plan.anyPeer() ? PlanRules.REQUEST_GROUPS : PlanRules.ORIGIN_REQUEST_GROUPS;
        }
        int quarter = Integer.highestOneBit((int) Math.max(1, wish.demand.groupsPerSecond() / 4));
        return Math.max(PlanRules.PIECE_GROUPS, Math.min(PlanRules.REQUEST_GROUPS, quarter));
    }

    /** The first group from {@code from} on that is provable and not taken, or -1. */
    static long nextFree(BlobView blob, long from, long end) {
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

    /** How many free groups a source holds, of as many as a plan looks at. */
    static long couldBring(BlobView blob, Holder holder, GroupRange wanted) {
        long group = nextFree(blob, wanted.first(), wanted.end());
        long end = Math.min(wanted.end(), group + PlanRules.WINDOW_GROUPS);
        long count = 0;
        while (group >= 0) {
            if (holder.available().contains(group)) {
                long runEnd = Math.min(end, blob.freeEnd(group));
                runEnd = Math.min(runEnd, holder.available().runEnd(group));
                count += runEnd - group;
                group = nextFree(blob, runEnd, end);
            } else {
                long next = holder.available().nextPresent(group);
                group = next < 0 ? -1 : nextFree(blob, next, end);
            }
        }
        return count;
    }

    /** Asks for free groups from {@code group} on, as far as all bounds go; returns where it ended. */
    long give(BlobView blob, Holder holder, long group, long limit, AskReason reason) {
        long end = Math.min(limit, group + Math.min(holder.party().room(), budget));
        end = Math.min(end, holder.available().runEnd(group));
        end = Math.min(end, blob.freeEnd(group));
        GroupRange groups = new GroupRange(group, end);
        blob.plan.ask(holder, groups, reason, now, steps);
        blob.taken = blob.taken.plus(groups);
        budget -= groups.count();
        return end;
    }
}
