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

/** What is not due soon: who is asked for it, and whose turn it is to ask the origin. */
class AheadTest {
    private final Client client = new Client();

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
        assertThat(groupsFrom(late)).isGreaterThan(2 * (long) Client.PACE);
    }

    /** Else one peer that claims to hold all and sends nothing keeps every owner from its ranges until they are urgent. */
    @Test
    void ahead_onlyAMutePeerClaimsIt_isElectedForAsIfNobodyHeldIt() {
        BlobPlan blob = client.open(true);
        blob.seat(new Seat(0, 1));
        Holder mute = client.peer(blob, "mute", GroupSet.all(1000));
        Holder origin = client.measuredOrigin(blob, 300);
        client.reads(blob, 0, 100, 20_000);
        client.plan();
        assertThat(client.asked(mute)).isNotEmpty();
        assertThat(client.asked(origin)).isEmpty();
        client.planAfter(2_100);
        assertThat(client.asked(origin)).isNotEmpty().allMatch(asked -> asked.reason() == AskReason.ELECTED);
    }

    @Test
    void ahead_peerThatWasSilentDelivers_isBelievedAgain() {
        BlobPlan blob = client.open(true);
        blob.seat(new Seat(0, 1));
        Holder peer = client.measuredPeer(blob, "peer", 100);
        Holder origin = client.measuredOrigin(blob, 300);
        client.reads(blob, 0, 100, 20_000);
        client.plan();
        Request first = client.asked(peer).get(0);
        client.planAfter(1_100);
        assertThat(client.asked(origin)).isNotEmpty();
        blob.requests().stream().filter(asked -> asked.holder() == origin).forEach(blob::ended);
        blob.delivered(first, first.groups().first() + 1, client.now);
        blob.settled(first, range(first.groups().first(), first.groups().first() + 1), true);
        client.plan();
        assertThat(client.asked(origin)).isEmpty();
    }

    /** Else a near origin that overtakes all peers, for a reader that takes what it can get, serves all the rest as well. */
    @Test
    void ahead_peerWasOvertakenAndDeliveredJustNow_isBelievedForAWhile() {
        BlobPlan blob = client.open(true);
        blob.seat(new Seat(0, 1));
        Holder origin = client.measuredOrigin(blob, 400);
        Holder peer = client.measuredPeer(blob, "peer", 100);
        client.reads(blob, 0, 24, 1_500);
        client.plan();
        assertThat(client.asked(peer)).isNotEmpty();
        client.now += 500 * MILLI;
        client.reads(blob, 0, 24, 300);
        client.plan();
        assertThat(client.cancelled()).isNotEmpty();
        assertThat(peer.reliable(client.now, PlanRules.defaults()))
                .as("nor asked first for what readers wait for, as a hash tree")
                .isFalse();
        client.reads(blob, 200, 400, 20_000);
        client.plan();
        assertThat(client.asked(peer)).isNotEmpty();
        assertThat(client.asked(origin)).isEmpty();
        blob.requests().forEach(blob::ended);
        client.planAfter(2_000);
        assertThat(client.asked(origin)).isNotEmpty().allMatch(asked -> asked.reason() == AskReason.ELECTED);
    }

    /** It brings a group now and then, so that its neighbours leave to it what it says it holds. */
    @Test
    void ahead_peerThatDripsWasOvertaken_isNotBelieved() {
        BlobPlan blob = client.open(true);
        Holder drips = client.measuredPeer(blob, "drips", 4);
        Holder steady = client.measuredPeer(blob, "steady", 100);
        for (Holder peer : List.of(drips, steady)) {
            assertThat(peer.credible(client.now, PlanRules.defaults())).isTrue();
            peer.party().gaveUp(client.now);
        }
        assertThat(drips.credible(client.now, PlanRules.defaults())).isFalse();
        assertThat(steady.credible(client.now, PlanRules.defaults())).isTrue();
    }

    /** Groups asked for by the last plan from one on. */
    private long groupsFrom(long first) {
        return client.last.stream()
                .filter(step -> step.request().groups().first() >= first)
                .mapToLong(step -> step.request().groups().count())
                .sum();
    }

    /** As where the viewer's own network paused: else the origin would serve all the rest of a stream. */
    @Test
    void stream_peerWasSilentForLong_isAskedAgainForWhatIsNotUrgent() {
        BlobPlan blob = client.open(true);
        Holder peer = client.measuredPeer(blob, "peer", 100);
        client.measuredOrigin(blob, 300);
        client.reads(blob, 0, 100, 3_000);
        client.plan();
        assertThat(client.asked(peer)).isNotEmpty();
        client.now += 9_000 * MILLI;
        client.reads(blob, 0, 100, 0);
        client.plan();
        assertThat(client.cancelled()).isNotEmpty();
        client.now += 1_000 * MILLI;
        client.reads(blob, 200, 900, 8_000);
        client.plan();
        assertThat(client.asked(peer)).isNotEmpty();
    }

    /** Its owner may be long in coming, or never come. */
    @Test
    void download_peerHoldsTheEndOfARequestAndNobodyTheBeginning_isAskedForTheEnd() {
        BlobPlan blob = client.open(true);
        blob.seat(new Seat(-1, 20));
        client.measuredOrigin(blob, 300);
        Holder peer = client.peer(blob, "peer", GroupSet.of(range(20, 32)));
        client.downloads(blob, 0, 64, Demand.Priority.DOWNLOAD);
        client.plan();
        assertThat(client.asked(peer))
                .isNotEmpty()
                .allMatch(asked -> asked.groups().first() == 20);
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
        assertThat(fromOrigin).isNotEmpty().allMatch(asked -> asked.reason() == AskReason.NO_PEER_HOLDS);
    }

    /** What it was asked for in vain makes it seem slower than anybody waits: nobody would ever hear that it is not. */
    @Test
    void download_onlyPeerWasSilentForMinutes_isAskedAgainAndAgain() {
        BlobPlan blob = client.open(false);
        Holder peer = client.measuredPeer(blob, "p", 300);
        client.downloads(blob, 0, 1000, Demand.Priority.DOWNLOAD);
        for (int i = 0; i < 1_800; i++) {
            client.planAfter(100);
        }
        int asked = 0;
        for (int i = 0; i < 600; i++) {
            client.planAfter(100);
            asked += client.asked(peer).size();
        }
        assertThat(asked).isPositive();
    }

    /** How fast somebody was who has nothing more to give helps nobody. */
    @Test
    void download_fastPeerHasGivenAll_theOriginHelpsTheSlowOne() {
        BlobPlan blob = client.open(true);
        Holder origin = client.measuredOrigin(blob, 300);
        Holder fast = client.measuredPeer(blob, "fast", 300);
        fast.available(GroupSet.all(500));
        client.measuredPeer(blob, "slow", 5);
        blob.held(GroupSet.all(500));
        client.downloads(blob, 0, 1000, Demand.Priority.DOWNLOAD);
        int asked = 0;
        for (int i = 0; i < 100; i++) {
            client.planAfter(100);
            asked += client.asked(origin).size();
        }
        assertThat(asked).isPositive();
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

    // Who asks the origin.

    @Test
    void download_everyPeerThatCameDisappointed_doesNotWaitForMore() {
        BlobPlan blob = client.open(true);
        Holder origin = client.origin(blob);
        Holder liar = client.peer(blob, "liar", GroupSet.all(1000));
        Holder mute = client.peer(blob, "mute", GroupSet.all(1000));
        client.downloads(blob, 0, 400, Demand.Priority.DOWNLOAD);
        client.planAfter(100);
        assertThat(client.asked(mute)).isNotEmpty();

        liar.lied();
        blob.leave(liar);
        client.planAfter(500);
        assertThat(client.asked(origin)).as("the other may deliver yet").isEmpty();

        client.planAfter(600);
        assertThat(client.asked(origin)).as("it is silent").isNotEmpty();
    }

    @Test
    void download_everyPeerThatCameWasCaught_asksTheOriginUntilAnotherComes() {
        BlobPlan blob = client.open(true);
        Holder origin = client.origin(blob);
        Holder liar = client.peer(blob, "liar", GroupSet.all(1000));
        client.downloads(blob, 0, 400, Demand.Priority.DOWNLOAD);
        client.planAfter(100);
        liar.lied();
        blob.leave(liar);
        client.planAfter(100);
        assertThat(client.asked(origin)).isNotEmpty();

        client.peer(blob, "new", GroupSet.all(1000));
        client.planAfter(100);
        assertThat(client.asked(origin)).isEmpty();
    }

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

    /** Else each newcomer fetches what a swarm that has it all would have brought a moment later. */
    @Test
    void ladder_noPeerIsConnectedYet_electsTheOwnerOnly() {
        assertThat(askers(2_800, 500, false)).isEqualTo(1);
        assertThat(askers(2_800, 500, true)).isGreaterThan(1);
        assertThat(askers(2_800, 2_100, false)).isGreaterThan(1);
    }

    /** Who is elected for a range changes as members join; what is due far off can wait until they have. */
    @Test
    void ladder_seatsAreStillBeingTaken_electsNobodyForWhatIsDueBeyondTwiceTheLadder() {
        long ladder = PlanRules.defaults().ladderNanos() / MILLI;
        for (boolean beyond : new boolean[] {true, false}) {
            Client fresh = new Client();
            BlobPlan blob = fresh.open(true);
            blob.seat(new Seat(0, 1));
            Holder origin = fresh.origin(blob);
            fresh.reads(blob, 0, 16, 2 * ladder + (beyond ? 1 : -600));
            fresh.plan();
            assertThat(fresh.asked(origin).isEmpty()).as("beyond: %s", beyond).isEqualTo(beyond);
            fresh.now += PlanRules.defaults().peerWaitNanos() + MILLI;
            fresh.reads(blob, 0, 16, 2 * ladder + 1);
            fresh.plan();
            assertThat(blob.requests()).as("once peers had their time").isNotEmpty();
        }
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
                            .anyMatch(request -> request.groups().first() < 336)
                    ? 1
                    : 0;
        }
        assertThat(asked).isEqualTo(2);
    }

    /** How many of a hundred seats ask the origin for a range that is due after a while and nobody holds. */
    private static int askers(long dueMillis) {
        return askers(dueMillis, 3_000, true);
    }

    private static int askers(long dueMillis, long openMillis, boolean connected) {
        int askers = 0;
        for (int seat = 0; seat < 100; seat++) {
            Client client = new Client();
            BlobPlan blob = client.open(true);
            blob.seat(new Seat(seat, 100));
            Holder origin = client.origin(blob);
            if (connected) {
                client.peer(blob, "empty", GroupSet.empty());
            }
            client.now = openMillis * MILLI;
            client.reads(blob, 320, 336, dueMillis);
            client.plan();
            askers += client.asked(origin).isEmpty() ? 0 : 1;
        }
        return askers;
    }
}
