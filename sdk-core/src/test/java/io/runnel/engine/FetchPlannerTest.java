package io.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.engine.FetchPlanner.Assignment;
import io.runnel.engine.FetchPlanner.Demand;
import io.runnel.engine.FetchPlanner.SourceView;
import io.runnel.engine.FetchPlanner.View;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceInfo.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FetchPlannerTest {
    private static final GroupSet ALL = GroupSet.all(1000);
    private static final long PLENTY = 10_000;

    private static SourceView origin() {
        return new SourceView(Kind.ORIGIN, ALL, 0, 64, 200);
    }

    private static SourceView peer(GroupSet available, double rate) {
        return new SourceView(Kind.PEER, available, 0, 64, rate);
    }

    private static Demand bulk(long first, long end) {
        return new Demand(new GroupRange(first, end), 0);
    }

    private static View view(Demand demand, boolean originForAll, SourceView... sources) {
        return new View(List.of(demand), GroupSet.empty(), ALL, List.of(sources), originForAll, PLENTY);
    }

    @Test
    void plan_originAlone_fillsItsCapacityInOrder() {
        assertThat(FetchPlanner.plan(view(bulk(0, 100), true, origin())))
                .containsExactly(new Assignment(0, new GroupRange(0, 32)), new Assignment(0, new GroupRange(32, 64)));
    }

    @Test
    void plan_peersMayStillCome_originGetsOnlyTheUrgent() {
        Demand demand = new Demand(new GroupRange(0, 100), 5);
        assertThat(FetchPlanner.plan(view(demand, false, origin())))
                .containsExactly(new Assignment(0, new GroupRange(0, 5)));
    }

    @Test
    void plan_peerHoldsAll_originGetsNothing() {
        List<Assignment> plan = FetchPlanner.plan(view(bulk(0, 1000), true, origin(), peer(ALL, 10)));
        assertThat(plan).isNotEmpty().allMatch(assignment -> assignment.source() == 1);
    }

    @Test
    void plan_peerHoldsSome_originGetsTheRest() {
        SourceView peer = peer(GroupSet.of(new GroupRange(0, 10)), 10);
        assertThat(FetchPlanner.plan(view(bulk(0, 20), true, origin(), peer)))
                .containsExactly(new Assignment(1, new GroupRange(0, 10)), new Assignment(0, new GroupRange(10, 20)));
    }

    @Test
    void plan_urgent_goesToWhoeverIsFastest() {
        Demand demand = new Demand(new GroupRange(0, 8), 8);
        assertThat(FetchPlanner.plan(view(demand, true, origin(), peer(ALL, 1))))
                .containsExactly(new Assignment(0, new GroupRange(0, 8)));
        assertThat(FetchPlanner.plan(view(demand, true, origin(), peer(ALL, 1000))))
                .containsExactly(new Assignment(1, new GroupRange(0, 8)));
    }

    @Test
    void plan_twoPeers_fasterOneGetsMore() {
        List<Assignment> plan = FetchPlanner.plan(view(bulk(0, 96), true, peer(ALL, 400), peer(ALL, 100)));
        long fast = plan.stream()
                .filter(assignment -> assignment.source() == 0)
                .mapToLong(assignment -> assignment.groups().count())
                .sum();
        assertThat(fast).isEqualTo(64);
        assertThat(plan.stream().mapToLong(each -> each.groups().count()).sum()).isEqualTo(96);
    }

    @Test
    void plan_holdingPeerIsBusy_originWaits() {
        SourceView full = new SourceView(Kind.PEER, ALL, 64, 64, 100);
        assertThat(FetchPlanner.plan(view(bulk(0, 10), true, origin(), full))).isEmpty();
    }

    @Test
    void plan_hashesNotProven_asksForNothingThere() {
        GroupSet provable = GroupSet.of(new GroupRange(40, 50));
        View view = new View(List.of(bulk(0, 100)), GroupSet.empty(), provable, List.of(origin()), true, PLENTY);
        assertThat(FetchPlanner.plan(view)).containsExactly(new Assignment(0, new GroupRange(40, 50)));
    }

    @Test
    void plan_smallBudget_staysWithinIt() {
        View view = new View(List.of(bulk(0, 100)), GroupSet.empty(), ALL, List.of(origin()), true, 7);
        assertThat(FetchPlanner.plan(view)).containsExactly(new Assignment(0, new GroupRange(0, 7)));
    }

    @Test
    void plan_randomViews_isWithinAllBoundsAndDeterministic() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 3000; round++) {
            View view = randomView(random);
            List<Assignment> plan = FetchPlanner.plan(view);
            assertThat(plan).as("seed %d", seed).isEqualTo(FetchPlanner.plan(view));
            check(view, plan, "seed " + seed + " round " + round);
        }
    }

    private static View randomView(Random random) {
        List<SourceView> sources = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            Kind kind = random.nextInt(4) == 0 ? Kind.ORIGIN : Kind.PEER;
            sources.add(new SourceView(
                    kind, randomSet(random), random.nextInt(40), 40 + random.nextInt(40), 1 + random.nextInt(500)));
        }
        List<Demand> demands = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int first = random.nextInt(200);
            demands.add(new Demand(new GroupRange(first, first + random.nextInt(100)), random.nextInt(300)));
        }
        return new View(
                demands, randomSet(random), randomSet(random), sources, random.nextBoolean(), random.nextInt(100));
    }

    private static GroupSet randomSet(Random random) {
        GroupSet set = GroupSet.empty();
        for (int i = random.nextInt(6); i >= 0; i--) {
            int first = random.nextInt(280);
            set = set.plus(new GroupRange(first, first + random.nextInt(60)));
        }
        return set;
    }

    private static void check(View view, List<Assignment> plan, String what) {
        GroupSet assigned = GroupSet.empty();
        long[] outstanding =
                view.sources().stream().mapToLong(SourceView::outstandingGroups).toArray();
        for (Assignment assignment : plan) {
            GroupRange groups = assignment.groups();
            SourceView source = view.sources().get(assignment.source());
            assertThat(groups.count()).as(what).isBetween(1L, (long) FetchPlanner.REQUEST_GROUPS);
            assertThat(source.available().containsAll(groups)).as(what).isTrue();
            assertThat(view.provable().containsAll(groups)).as(what).isTrue();
            assertThat(view.taken().minus(groups)).as(what).isEqualTo(view.taken());
            assertThat(assigned.minus(groups)).as(what).isEqualTo(assigned);
            assigned = assigned.plus(groups);
            outstanding[assignment.source()] += groups.count();
            assertThat(outstanding[assignment.source()]).as(what).isLessThanOrEqualTo(source.capacityGroups());
        }
        assertThat(assigned.count()).as(what).isLessThanOrEqualTo(view.budgetGroups());
    }
}
