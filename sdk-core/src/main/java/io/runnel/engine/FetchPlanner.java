package io.runnel.engine;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides who fetches which chunk groups. Pure: the same view gives the same plan, and nothing is remembered between
 * calls.
 *
 * <p>Groups are handed out in the order readers need them, each to the source that would deliver it first, as far as its
 * capacity goes. Peers come before the origin, with three exceptions: a group that is urgent goes to whoever delivers
 * first, the origin included; a group that no peer holds goes to the origin; and where there are no peers, the origin
 * serves alone. The last two wait until peers have had their time to join ({@link View#originForAll}).
 */
final class FetchPlanner {
    /** Groups in one request: 512 KiB, so that a request is cheap beside its bytes and several sources share a window. */
    static final int REQUEST_GROUPS = 32;

    private FetchPlanner() {}

    /**
     * What a reader wants next.
     *
     * @param groups from its position as far as it looks ahead
     * @param urgentEnd groups before this one may come from the origin at once
     */
    record Demand(GroupRange groups, long urgentEnd) {}

    /**
     * A source that may be asked now.
     *
     * @param available the groups it says it holds
     * @param outstandingGroups asked of it and not yet delivered
     * @param capacityGroups the most it should be asked for at once
     * @param groupsPerSecond how fast it delivered lately, above 0
     */
    record SourceView(
            SourceInfo.Kind kind,
            GroupSet available,
            long outstandingGroups,
            long capacityGroups,
            double groupsPerSecond) {}

    /**
     * All a plan depends on.
     *
     * @param demands most important reader first
     * @param taken groups that are held or asked for already
     * @param provable groups whose hashes are proven, the only ones that may be asked for
     * @param originForAll whether the origin may deliver what no peer holds though it is not urgent
     * @param budgetGroups the most that may be newly asked for
     */
    record View(
            List<Demand> demands,
            GroupSet taken,
            GroupSet provable,
            List<SourceView> sources,
            boolean originForAll,
            long budgetGroups) {}

    /** Ask this source (by its place in the view) for these groups. */
    record Assignment(int source, GroupRange groups) {}

    /** The requests to make now, in order. */
    static List<Assignment> plan(View view) {
        Pass pass = new Pass(view);
        for (Demand demand : view.demands()) {
            long urgentEnd = Math.min(demand.urgentEnd(), demand.groups().end());
            if (urgentEnd > demand.groups().first()) {
                pass.assign(new GroupRange(demand.groups().first(), urgentEnd), true);
            }
        }
        for (Demand demand : view.demands()) {
            pass.assign(demand.groups(), false);
        }
        return pass.assignments;
    }

    /** The state of one planning pass. */
    private static final class Pass {
        final View view;
        final long[] outstanding;
        final List<Assignment> assignments = new ArrayList<>();
        GroupSet taken;
        long budget;

        Pass(View view) {
            this.view = view;
            this.taken = view.taken();
            this.budget = view.budgetGroups();
            this.outstanding = view.sources().stream()
                    .mapToLong(SourceView::outstandingGroups)
                    .toArray();
        }

        void assign(GroupRange wanted, boolean urgent) {
            long group = wanted.first();
            while (budget > 0 && anyRoom()) {
                group = nextFree(group, wanted.end());
                if (group < 0) {
                    return;
                }
                Assignment best = best(group, wanted.end(), urgent);
                if (best == null) {
                    group++;
                    continue;
                }
                assignments.add(best);
                taken = taken.plus(best.groups());
                outstanding[best.source()] += best.groups().count();
                budget -= best.groups().count();
                group = best.groups().end();
            }
        }

        /** The first group from {@code from} on that is provable and not taken, or -1. */
        private long nextFree(long from, long end) {
            long group = from;
            while (group < end) {
                long free = taken.nextAbsent(group);
                long provable = view.provable().nextPresent(free);
                if (provable < 0 || provable >= end) {
                    return -1;
                }
                if (provable == free) {
                    return free;
                }
                group = provable;
            }
            return -1;
        }

        private boolean anyRoom() {
            for (int i = 0; i < outstanding.length; i++) {
                if (room(i) > 0) {
                    return true;
                }
            }
            return false;
        }

        private long room(int source) {
            return view.sources().get(source).capacityGroups() - outstanding[source];
        }

        private @Nullable Assignment best(long group, long end, boolean urgent) {
            boolean originAllowed = urgent || (view.originForAll() && !anyPeerHolds(group));
            long freeEnd = Math.min(end, view.provable().runEnd(group));
            long nextTaken = taken.nextPresent(group);
            if (nextTaken >= 0) {
                freeEnd = Math.min(freeEnd, nextTaken);
            }
            int best = -1;
            double bestSeconds = Double.MAX_VALUE;
            for (int i = 0; i < outstanding.length; i++) {
                SourceView source = view.sources().get(i);
                boolean eligible = source.kind() == SourceInfo.Kind.PEER || originAllowed;
                if (eligible && room(i) > 0 && source.available().contains(group)) {
                    double seconds = (outstanding[i] + 1) / source.groupsPerSecond();
                    if (seconds < bestSeconds) {
                        best = i;
                        bestSeconds = seconds;
                    }
                }
            }
            return best < 0 ? null : new Assignment(best, request(best, group, freeEnd));
        }

        private GroupRange request(int source, long group, long freeEnd) {
            long end = Math.min(freeEnd, group + REQUEST_GROUPS);
            end = Math.min(end, group + Math.min(room(source), budget));
            end = Math.min(end, view.sources().get(source).available().runEnd(group));
            return new GroupRange(group, end);
        }

        private boolean anyPeerHolds(long group) {
            return view.sources().stream()
                    .anyMatch(source -> source.kind() == SourceInfo.Kind.PEER
                            && source.available().contains(group));
        }
    }
}
