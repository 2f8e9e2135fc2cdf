package io.runnel.engine.plan;

import static io.runnel.engine.plan.Client.MILLI;
import static io.runnel.engine.plan.Client.groups;
import static io.runnel.engine.plan.Client.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.source.GroupSet;
import io.runnel.source.Seat;
import io.runnel.source.SourceInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
    private final Client client = new Client();

    private static List<String> text(List<Step> steps) {
        return steps.stream()
                .map(step -> step.kind() + " "
                        + step.request().holder().party().info().id() + " "
                        + step.request().groups() + " " + step.request().reason())
                .toList();
    }

    @Test
    void settled_hedgeBroughtTheGroupToo_isAskedOfNobodyUntilBothAreSettled() {
        BlobPlan blob = client.open(false);
        Holder liar = client.peer(blob, "liar", GroupSet.all(1000));
        Holder origin = client.measuredOrigin(blob, 300);
        client.downloads(blob, 0, 1, Demand.Priority.DOWNLOAD);
        List<Request> requests = new ArrayList<>();
        for (Holder holder : List.of(liar, origin)) {
            Request request = blob.ask(holder, range(0, 1), AskReason.HEDGE, client.now, new ArrayList<>());
            blob.delivered(request, 1, client.now);
            requests.add(request);
        }
        liar.lied();
        blob.settled(requests.get(0), range(0, 1), false);
        client.plan();
        assertThat(client.last).isEmpty();
        blob.settled(requests.get(1), range(0, 1), false);
        client.plan();
        assertThat(groups(client.asked(origin))).isEqualTo(1);
    }

    // Who gets what.

    @Test
    void urgent_slowPeerHoldsIt_goesToTheOrigin() {
        BlobPlan blob = client.open(true);
        Holder slow = client.measuredPeer(blob, "slow", 5);
        Holder origin = client.measuredOrigin(blob, 300);
        client.reads(blob, 0, 8, 500);
        client.plan();
        assertThat(groups(client.asked(origin))).isPositive();
        assertThat(groups(client.asked(slow))).isZero();
    }

    @Test
    void urgent_fastPeerHoldsIt_goesToThePeer() {
        BlobPlan blob = client.open(true);
        Holder fast = client.measuredPeer(blob, "fast", 200);
        Holder origin = client.measuredOrigin(blob, 300);
        client.reads(blob, 0, 8, 900);
        client.plan();
        assertThat(groups(client.asked(fast))).isEqualTo(8);
        assertThat(client.asked(origin)).isEmpty();
    }

    /** A promise is not worth more than an origin that is slow but known. */
    @Test
    void urgent_peerThatHasProvenNothing_goesToTheOrigin() {
        BlobPlan blob = client.open(true);
        client.measuredPeer(blob, "proven", 5);
        Holder unknown = client.peer(blob, "unknown", GroupSet.all(1000));
        Holder origin = client.measuredOrigin(blob, 20);
        client.reads(blob, 0, 8, 300);
        client.plan();
        assertThat(groups(client.asked(origin))).isEqualTo(8);
        assertThat(client.asked(unknown)).isEmpty();
    }

    @Test
    void urgent_noTimeForAnotherTry_goesToAPeerOnlyWhereItIsFarFaster() {
        for (int rate : new int[] {25, 150}) {
            Client fresh = new Client();
            BlobPlan blob = fresh.open(true);
            Holder peer = fresh.measuredPeer(blob, "peer", rate);
            Holder origin = fresh.measuredOrigin(blob, 300);
            fresh.reads(blob, 0, 8, 300);
            fresh.plan();
            assertThat(groups(fresh.asked(peer)))
                    .as("of a peer with rate %d", rate)
                    .isEqualTo(rate == 150 ? 8 : 0);
            assertThat(groups(fresh.asked(origin))).isEqualTo(rate == 150 ? 0 : 8);
        }
    }

    /** What is passed from one late peer to the next is a stall in the end. */
    @Test
    void urgent_peerThatWasOvertaken_getsNothingUntilItDelivers() {
        BlobPlan blob = client.open(true);
        Holder late = client.measuredPeer(blob, "late", 200);
        client.measure(new SourceInfo("origin:o", SourceInfo.Kind.ORIGIN), 80, 300);
        client.reads(blob, 0, 16, 1_500);
        client.plan();
        Request request = client.asked(late).get(0);
        Holder origin = client.origin(blob);
        client.now += 600 * MILLI;
        client.reads(blob, 0, 16, 500);
        client.plan();
        assertThat(client.cancelled()).contains(request);
        assertThat(groups(client.asked(origin))).isEqualTo(16);
        assertThat(client.asked(late)).isEmpty();
        blob.requests().forEach(blob::ended);
        Request again = blob.ask(late, range(900, 901), AskReason.PEER, client.now, new ArrayList<>());
        client.now += 20 * MILLI;
        blob.delivered(again, 901, client.now);
        client.reads(blob, 0, 8, 900);
        client.plan();
        assertThat(client.asked(late)).isNotEmpty();
    }

    /** A group that is elected for must not stand before what turns out to be urgent. */
    @Test
    void ahead_whatMayWait_leavesHalfOfTheOriginsRoom() {
        BlobPlan blob = client.open(true);
        blob.seat(new Seat(0, 1));
        Holder origin = client.measuredOrigin(blob, 300);
        client.now += 3_000 * MILLI;
        client.reads(blob, 0, 900, 10_000);
        long room = origin.party().room();
        client.plan();
        assertThat(groups(client.asked(origin))).isBetween(room / 2, room / 2 + PlanRules.PIECE_GROUPS);
        blob.demands(List.of(
                new Demand(range(0, 900), Demand.Priority.READER, client.now + 10_000 * MILLI, Client.PACE),
                new Demand(range(900, 930), Demand.Priority.READER, client.now + 100 * MILLI, Client.PACE)));
        client.plan();
        assertThat(client.asked(origin)).anyMatch(asked -> asked.groups().first() == 900);
    }

    @Test
    void ahead_blobJustOpened_asksPeersForLittleThatIsDueLate() {
        BlobPlan blob = client.open(true);
        for (int i = 0; i < 20; i++) {
            client.measuredPeer(blob, "p" + i, 100);
        }
        client.reads(blob, 0, 900, 0);
        client.plan();
        long late = 1 + (long) (PlanRules.LATE_NANOS / 1e9 * Client.PACE);
        assertThat(groupsFrom(late)).isBetween(1L, 2L * PlanRules.PIECE_GROUPS + (long) Client.PACE);
        blob.requests().forEach(blob::ended);
        client.now += 100_000 * MILLI;
        client.reads(blob, 0, 900, 0);
        client.plan();
        assertThat(groupsFrom(late)).isGreaterThan(3 * (long) Client.PACE);
    }

    /** Groups asked for by the last plan from one on. */
    private long groupsFrom(long first) {
        return client.last.stream()
                .filter(step -> step.request().groups().first() >= first)
                .mapToLong(step -> step.request().groups().count())
                .sum();
    }

    @Test
    void download_rarestGroupsFirst() {
        BlobPlan blob = client.open(true);
        Holder all = client.peer(blob, "all", GroupSet.all(1000));
        client.peer(blob, "b", GroupSet.all(640));
        client.peer(blob, "c", GroupSet.all(640));
        blob.demands(List.of(Demand.undated(range(0, 1000), Demand.Priority.DOWNLOAD)));
        client.plan();
        assertThat(client.asked(all)).isNotEmpty();
        assertThat(client.asked(all).get(0).groups().first()).isGreaterThanOrEqualTo(640);
    }

    @Test
    void plan_nothingProvable_asksNobody() {
        BlobPlan blob = client.machine.open(1, false, 0);
        client.origin(blob);
        client.reads(blob, 0, 100, 0);
        assertThat(client.plan()).isEmpty();
    }

    @Test
    void plan_noPeersMayCome_asksTheOriginAtOnce() {
        BlobPlan blob = client.open(false);
        Holder origin = client.origin(blob);
        client.downloads(blob, 0, 100, Demand.Priority.DOWNLOAD);
        client.plan();
        assertThat(client.asked(origin)).isNotEmpty().allMatch(asked -> asked.reason() == AskReason.NO_PEERS);
    }

    @Test
    void twoBlobs_smallBudget_nearestDeadlineFirst() {
        Client small = new Client(16);
        BlobPlan later = small.open(false);
        BlobPlan sooner = small.open(false);
        Holder origin = small.origin(later);
        Holder same = small.origin(sooner);
        small.reads(later, 0, 100, 900);
        small.reads(sooner, 0, 100, 100);
        small.plan();
        assertThat(groups(small.asked(same))).isPositive();
        assertThat(groups(small.asked(same)) + groups(small.asked(origin))).isEqualTo(16);
        assertThat(small.last.get(0).blob()).isSameAs(sooner);
        assertThat(small.machine.inFlightGroups()).isEqualTo(16);
    }

    @Test
    void prefetch_yieldsToReadersOfAnotherBlob() {
        Client small = new Client(16);
        BlobPlan prefetched = small.open(false);
        BlobPlan read = small.open(false);
        Holder idle = small.origin(prefetched);
        Holder busy = small.origin(read);
        small.downloads(prefetched, 0, 100, Demand.Priority.PREFETCH);
        small.reads(read, 0, 300, 100);
        small.plan();
        assertThat(small.asked(idle)).isEmpty();
        assertThat(groups(small.asked(busy))).isEqualTo(16);
    }

    @Test
    void download_allPeersMute_goesToTheOriginWithinTwoSeconds() {
        BlobPlan blob = client.open(true);
        client.peer(blob, "mute", GroupSet.all(1000));
        client.peer(blob, "mute too", GroupSet.all(1000));
        Holder origin = client.measuredOrigin(blob, 300);
        client.downloads(blob, 0, 400, Demand.Priority.DOWNLOAD);
        client.plan();
        List<Request> fromOrigin = new ArrayList<>();
        for (int i = 0; i < 22; i++) {
            client.planAfter(100);
            fromOrigin.addAll(client.asked(origin));
        }
        assertThat(fromOrigin).isNotEmpty().allMatch(asked -> asked.reason() == AskReason.PEERS_SLOW);
    }

    @Test
    void download_onePeerAtACrawl_asksAnOriginNobodyHasAskedYet() {
        BlobPlan blob = client.open(true);
        client.measuredPeer(blob, "crawl", 1);
        Holder origin = client.origin(blob);
        client.downloads(blob, 0, 400, Demand.Priority.DOWNLOAD);
        client.planAfter(2_100);
        assertThat(client.asked(origin)).isNotEmpty();
    }

    @Test
    void download_lastGroupsOwedByASlowPeer_areOvertaken() {
        BlobPlan blob = client.open(true);
        Holder slow = client.measuredPeer(blob, "slow", 2);
        client.downloads(blob, 0, 4, Demand.Priority.DOWNLOAD);
        client.plan();
        assertThat(groups(client.asked(slow))).isEqualTo(4);
        Holder fast = client.measuredPeer(blob, "fast", 200);
        client.plan();
        assertThat(client.cancelled()).hasSize(1);
        assertThat(groups(client.asked(fast))).isEqualTo(4);
    }

    @Test
    void download_groupsOwedByASlowPeerWhileThereIsMoreToAsk_staysWithIt() {
        BlobPlan blob = client.open(true);
        Holder slow = client.measuredPeer(blob, "slow", 2);
        client.downloads(blob, 0, 1000, Demand.Priority.DOWNLOAD);
        client.plan();
        assertThat(groups(client.asked(slow))).isEqualTo(4);
        client.measuredPeer(blob, "fast", 200);
        client.plan();
        assertThat(client.cancelled()).isEmpty();
    }

    @Test
    void lateRequest_isNotOvertakenByWhoHasNeverDelivered() {
        BlobPlan blob = client.open(true);
        Holder origin = client.measuredOrigin(blob, 100);
        client.reads(blob, 0, 60, 100);
        client.plan();
        assertThat(groups(client.asked(origin))).isPositive();
        client.peer(blob, "promises", GroupSet.all(1000));
        client.planAfter(400);
        assertThat(client.cancelled()).isEmpty();
    }

    /** Whoever delivers fast looks good until it is known what it delivered. */
    @Test
    void lateRequest_isNotOvertakenByWhoseGroupsAreNotProvenYet() {
        for (boolean proven : new boolean[] {false, true}) {
            Client fresh = new Client();
            BlobPlan blob = fresh.open(true);
            Holder origin = fresh.measuredOrigin(blob, 100);
            Holder fast = fresh.peer(blob, "fast", GroupSet.all(1000));
            Request first = blob.ask(fast, range(100, 104), AskReason.PEER, fresh.now, new ArrayList<>());
            fresh.now += 60 * MILLI;
            blob.delivered(first, 104, fresh.now);
            blob.ask(origin, range(0, 60), AskReason.URGENT, fresh.now, new ArrayList<>());
            blob.settled(first, range(100, 104), proven);
            fresh.reads(blob, 0, 60, 100);
            fresh.planAfter(400);
            assertThat(fresh.cancelled().isEmpty() && fresh.asked(fast).isEmpty())
                    .as("left to the origin, with proven = %s", proven)
                    .isEqualTo(!proven);
        }
    }

    @Test
    void plan_sameInputs_samePlan() {
        List<String> first = busyPlan();
        assertThat(first).isNotEmpty();
        assertThat(busyPlan()).isEqualTo(first);
    }

    private static List<String> busyPlan() {
        Client client = new Client();
        BlobPlan blob = client.open(true);
        client.measuredOrigin(blob, 300);
        List<String> plans = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            client.peer(blob, "p" + i, GroupSet.of(range(40L * i, 1000)));
        }
        client.reads(blob, 0, 360, 500);
        plans.addAll(text(client.plan()));
        plans.addAll(text(client.planAfter(1500)));
        return plans;
    }

    // Faults.

    @Test
    void lie_bansThePeerForAllBlobsAndCostsOnePiece() {
        BlobPlan blob = client.open(true);
        Holder liar = client.peer(blob, "liar", GroupSet.all(1000));
        client.downloads(blob, 0, 400, Demand.Priority.DOWNLOAD);
        client.plan();
        Request request = client.asked(liar).get(0);
        blob.delivered(request, 1, client.now);
        blob.settled(request, range(0, 1), false);
        liar.lied();
        blob.leave(liar);
        assertThat(request.over()).isTrue();
        BlobPlan another = client.open(true);
        Holder again = client.peer(another, "liar", GroupSet.all(1000));
        client.downloads(another, 0, 400, Demand.Priority.DOWNLOAD);
        client.planAfter(60_000);
        assertThat(again.banned()).isTrue();
        assertThat(client.asked(again)).isEmpty();
    }

    @Test
    void silentSource_isTakenBackAndKeepsWhatIsProven() {
        BlobPlan blob = client.open(true);
        Holder silent = client.measuredPeer(blob, "silent", 100);
        client.downloads(blob, 0, 32, Demand.Priority.DOWNLOAD);
        client.plan();
        Request request = client.asked(silent).get(0);
        client.now += 100 * MILLI;
        blob.delivered(request, 4, client.now);
        blob.held(GroupSet.all(4));
        blob.settled(request, range(0, 4), true);
        Holder other = client.peer(blob, "other", GroupSet.all(1000));
        client.planAfter(1_500);
        assertThat(client.cancelled()).contains(request);
        assertThat(silent.usable(client.now)).isFalse();
        assertThat(client.asked(other)).isNotEmpty();
        assertThat(client.asked(other).get(0).groups().first()).isEqualTo(4);
        assertThat(silent.usable(client.now + 600 * MILLI)).isTrue();
    }

    @Test
    void lateRequest_isOvertakenByWhoIsFaster() {
        BlobPlan blob = client.open(true);
        Holder slow = client.measuredPeer(blob, "slow", 100);
        client.reads(blob, 0, 24, 1500);
        client.plan();
        assertThat(groups(client.asked(slow))).isEqualTo(24);
        Holder origin = client.measuredOrigin(blob, 400);
        // It has been silent while the origin was measured, and its groups are due.
        client.reads(blob, 0, 24, 300);
        client.plan();
        assertThat(groups(client.asked(origin))).isPositive();
    }

    /** What it should take is a guess that was wrong already. */
    @Test
    void lateRequest_originCouldJustBeInTime_goesToItHoweverSoonThePeerIsExpected() {
        BlobPlan blob = client.open(true);
        Holder peer = client.measuredPeer(blob, "peer", 200);
        client.measure(new SourceInfo("origin:o", SourceInfo.Kind.ORIGIN), 100, 300);
        client.reads(blob, 0, 1, 700);
        client.plan();
        assertThat(groups(client.asked(peer))).isEqualTo(1);
        Holder origin = client.origin(blob);
        client.now += 80 * MILLI;
        client.reads(blob, 0, 1, 450);
        client.plan();
        assertThat(client.cancelled()).isEmpty();
        client.reads(blob, 0, 1, 350);
        client.plan();
        assertThat(groups(client.asked(origin))).isEqualTo(1);
    }

    /** That the origin may take it is no reason for a peer that is little faster than who is late. */
    @Test
    void lateRequest_originCouldJustBeInTime_goesToNoPeerThatIsNotFarFaster() {
        BlobPlan blob = client.open(true);
        SourceInfo other = new SourceInfo("peer:other", SourceInfo.Kind.PEER);
        client.measure(new SourceInfo("origin:o", SourceInfo.Kind.ORIGIN), 100, 300);
        client.measure(other, 60, 200);
        Holder late = client.measuredPeer(blob, "late", 200);
        blob.ask(late, range(0, 1), AskReason.PEER, client.now, new ArrayList<>());
        Holder origin = client.origin(blob);
        Holder slower = client.machine.join(blob, other, GroupSet.all(1000));
        client.now += 80 * MILLI;
        client.reads(blob, 0, 1, 350);
        client.plan();
        assertThat(client.asked(slower)).isEmpty();
        assertThat(groups(client.asked(origin))).isEqualTo(1);
    }

    @Test
    void hedges_oneAtATimeAndBounded() {
        BlobPlan blob = client.open(true);
        Holder a = client.measuredPeer(blob, "a", 60);
        Holder b = client.measuredPeer(blob, "b", 60);
        Holder origin = client.measuredOrigin(blob, 400);
        blob.ask(a, range(0, 8), AskReason.PEER, client.now, new ArrayList<>());
        blob.ask(b, range(8, 16), AskReason.PEER, client.now, new ArrayList<>());
        client.now += 100 * MILLI;
        client.reads(blob, 0, 16, 200);
        long hedges = 0;
        for (int i = 0; i < 4; i++) {
            client.planAfter(1);
            hedges += client.asked(origin).stream()
                    .filter(asked -> asked.reason() == AskReason.HEDGE)
                    .count();
            long under = origin.requests().stream()
                    .filter(asked -> asked.reason() == AskReason.HEDGE)
                    .count();
            assertThat(under).isLessThanOrEqualTo(1);
        }
        assertThat(hedges).isLessThanOrEqualTo(1);
    }

    @Test
    void tally_hedgesAreAHundredthOfWhatArrives() {
        Tally tally = new Tally();
        assertThat(tally.mayHedge()).isTrue();
        tally.hedged = 16;
        assertThat(tally.mayHedge()).isFalse();
        tally.delivered = 100;
        assertThat(tally.mayHedge()).isTrue();
    }

    @Test
    void seek_cancelsWhatNobodyWantsAtTheNextPlan() {
        BlobPlan blob = client.open(false);
        Holder origin = client.origin(blob);
        client.reads(blob, 0, 100, 0);
        client.plan();
        List<Request> before = client.asked(origin);
        assertThat(before).isNotEmpty();
        client.reads(blob, 600, 700, 0);
        client.planAfter(1);
        assertThat(client.cancelled()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(client.asked(origin))
                .isNotEmpty()
                .allMatch(asked -> asked.groups().first() >= 600);
    }

    @Test
    void close_endsEveryRequest() {
        BlobPlan blob = client.open(false);
        client.origin(blob);
        client.reads(blob, 0, 100, 0);
        client.plan();
        client.machine.close(blob);
        assertThat(client.last).isNotEmpty().allMatch(step -> step.request().over());
        assertThat(client.machine.inFlightGroups()).isZero();
    }

    // Who asks the origin.

    @Test
    void download_peersDeliveredNothingInTheirTime_isNotLeftToOwners() {
        for (boolean connected : new boolean[] {true, false}) {
            Client fresh = new Client();
            BlobPlan blob = fresh.open(true);
            blob.seat(new Seat(-1, 4096));
            Holder origin = fresh.origin(blob);
            if (connected) {
                fresh.peer(blob, "mute", GroupSet.empty());
            }
            fresh.downloads(blob, 0, 1000, Demand.Priority.DOWNLOAD);
            fresh.planAfter(1_900);
            assertThat(fresh.asked(origin)).isEmpty();
            fresh.planAfter(200);
            assertThat(fresh.asked(origin)).isNotEmpty();
        }
    }

    /** Whoever owns the ranges may not want them: a download waits for the swarm once, not for each budget's worth. */
    @Test
    void download_nobodyBringsIt_waitsOnceAndThenGoesOn() {
        BlobPlan blob = client.open(true);
        blob.seat(new Seat(-1, 4));
        Holder origin = client.measuredOrigin(blob, 300);
        client.measure(new SourceInfo("peer:good", SourceInfo.Kind.PEER), 20, 300);
        client.peer(blob, "good", GroupSet.empty());
        client.downloads(blob, 0, 1000, Demand.Priority.DOWNLOAD);
        client.planAfter(1_000);
        assertThat(client.asked(origin)).isEmpty();
        client.planAfter(2 * PlanRules.defaults().patienceNanos() / MILLI);
        List<Request> first = client.asked(origin);
        assertThat(first).isNotEmpty();
        for (Request request : first) {
            blob.delivered(request, request.groups().end(), client.now);
            blob.settled(request, request.groups(), true);
            blob.held(blob.held().plus(request.groups()));
        }
        client.planAfter(1);
        assertThat(client.asked(origin)).isNotEmpty();
    }

    @Test
    void ladder_electsMoreAsTheTimeComesNear() {
        int far = askers(11_000);
        int near = askers(5_000);
        int nearer = askers(2_800);
        assertThat(far).isEqualTo(1);
        assertThat(near).isBetween(2, 4);
        assertThat(nearer).isBetween(near + 1, 16);
    }

    /** Who joined late holds seats too, and wants other ranges than the crowd. */
    @Test
    void ladder_halfOfTheLookAheadHasPassed_electsASecondOwner() {
        int asked = 0;
        for (int seat = 0; seat < 100; seat++) {
            Client client = new Client();
            BlobPlan blob = client.open(true);
            blob.seat(new Seat(seat, 100));
            Holder origin = client.origin(blob);
            client.now = 3_000 * MILLI;
            client.reads(blob, 320, 992, 12_000);
            client.plan();
            asked += client.asked(origin).stream()
                            .anyMatch(request -> request.groups().first() < 352)
                    ? 1
                    : 0;
        }
        assertThat(asked).isEqualTo(2);
    }

    /** How many of a hundred seats ask the origin for a range that is due after a while and nobody holds. */
    private static int askers(long dueMillis) {
        int askers = 0;
        for (int seat = 0; seat < 100; seat++) {
            Client client = new Client();
            BlobPlan blob = client.open(true);
            blob.seat(new Seat(seat, 100));
            Holder origin = client.origin(blob);
            client.peer(blob, "empty", GroupSet.empty());
            client.now = 3_000 * MILLI;
            client.reads(blob, 320, 340, dueMillis);
            client.plan();
            askers += client.asked(origin).isEmpty() ? 0 : 1;
        }
        return askers;
    }
}
