package io.runnel.engine.plan;

import static io.runnel.engine.plan.Client.MILLI;
import static io.runnel.engine.plan.Client.groups;
import static io.runnel.engine.plan.Client.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What comes too late goes to somebody faster. */
class OvertakingTest {
    private final Client client = new Client();

    @Test
    void download_lastGroupsOwedByASlowPeer_areOvertaken() {
        BlobPlan blob = client.open(true);
        Holder slow = client.measuredPeer(blob, "slow", 2);
        client.downloads(blob, 0, 2, Demand.Priority.DOWNLOAD);
        client.plan();
        assertThat(groups(client.asked(slow))).isEqualTo(2);
        Holder fast = client.measuredPeer(blob, "fast", 200);
        client.plan();
        assertThat(client.cancelled()).hasSize(1);
        assertThat(groups(client.asked(fast))).isEqualTo(2);
    }

    @Test
    void download_groupsOwedByASlowPeerWhileThereIsMoreToAsk_staysWithIt() {
        BlobPlan blob = client.open(true);
        Holder slow = client.measuredPeer(blob, "slow", 2);
        client.downloads(blob, 0, 1000, Demand.Priority.DOWNLOAD);
        client.plan();
        assertThat(groups(client.asked(slow))).isEqualTo(2);
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
            fresh.planAfter(1000);
            assertThat(fresh.cancelled().isEmpty() && fresh.asked(fast).isEmpty())
                    .as("left to the origin, with proven = %s", proven)
                    .isEqualTo(!proven);
        }
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
        double rateBefore = silent.party().groupsPerSecond(client.now);
        blob.held(GroupSet.all(4));
        blob.settled(request, range(0, 4), true);
        Holder other = client.peer(blob, "other", GroupSet.all(1000));
        client.planAfter(1_500);
        assertThat(client.cancelled()).contains(request);
        assertThat(silent.usable(client.now)).isFalse();
        assertThat(silent.party().groupsPerSecond(client.now)).isLessThan(rateBefore / 2);
        assertThat(client.asked(other)).isNotEmpty();
        assertThat(client.asked(other).get(0).groups().first()).isEqualTo(4);
        assertThat(silent.usable(client.now + 600 * MILLI)).isTrue();
    }

    /** What was sent while this side stood still is on its way through its own queues. */
    @Test
    void silentSource_whileThisSideStoodStill_isTakenBackOnlyWhenItStaysSilent() {
        BlobPlan blob = client.open(true);
        Holder peer = client.measuredPeer(blob, "peer", 100);
        client.downloads(blob, 0, 32, Demand.Priority.DOWNLOAD);
        client.plan();
        assertThat(client.asked(peer)).isNotEmpty();
        long stopped = client.now + 100 * MILLI;
        client.now += 60_000 * MILLI;
        client.machine.paused(stopped, client.now);
        client.plan();
        assertThat(client.cancelled()).isEmpty();
        client.planAfter(1_500);
        assertThat(client.cancelled()).isNotEmpty();
    }

    /** What is far from due may wait: it is taken back once its time comes near. */
    @Test
    void silentSource_keepsWhatIsFarFromDue() {
        BlobPlan blob = client.open(true);
        Holder silent = client.measuredPeer(blob, "silent", 100);
        List<Step> made = new ArrayList<>();
        Request far = blob.ask(silent, range(0, 8), AskReason.PEER, client.now, made);
        long near = 2 * PlanRules.defaults().urgentNanos() / MILLI;
        client.now += 5_000 * MILLI;
        client.reads(blob, 0, 8, near);
        client.plan();
        assertThat(client.cancelled()).isEmpty();
        assertThat(far.over()).isFalse();
        assertThat(silent.usable(client.now)).isTrue();
        client.reads(blob, 0, 8, near - 1);
        client.plan();
        assertThat(client.cancelled()).containsExactly(far);
        assertThat(silent.usable(client.now)).isFalse();
    }

    /** What it owes to a player that pauses would take all its room, and nobody else could be served. */
    @Test
    void silentOrigin_owesWhatIsFarFromDue_isTakenBackToo() {
        BlobPlan blob = client.open(true);
        Holder origin = client.measuredOrigin(blob, 100);
        Request far = blob.ask(origin, range(0, 8), AskReason.ELECTED, client.now, new ArrayList<>());
        client.now += 5_000 * MILLI;
        client.reads(blob, 0, 8, 20_000);
        client.plan();
        assertThat(client.cancelled()).containsExactly(far);
        assertThat(origin.usable(client.now)).isFalse();
        assertThat(origin.party().room()).isPositive();
    }

    @Test
    void lateRequest_isOvertakenByWhoIsFaster() {
        BlobPlan blob = client.open(true);
        Holder slow = client.measuredPeer(blob, "slow", 100);
        client.reads(blob, 0, 24, 1500);
        client.plan();
        assertThat(groups(client.asked(slow))).isPositive();
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

    /** Where the next plan would come too late for the origin, it is asked although the peer is expected in time. */
    @Test
    void lateRequest_lastMomentOfTheOrigin_goesToItThoughThePeerIsNotOverdue() {
        BlobPlan blob = client.open(true);
        Holder peer = client.measuredPeer(blob, "peer", 40);
        client.measure(new SourceInfo("origin:o", SourceInfo.Kind.ORIGIN), 100, 300);
        client.reads(blob, 0, 2, 1500);
        client.plan();
        assertThat(groups(client.asked(peer))).isEqualTo(2);
        Holder origin = client.origin(blob);
        client.reads(blob, 0, 2, 450);
        client.plan();
        assertThat(client.asked(origin)).isEmpty();
        client.reads(blob, 0, 2, 290);
        client.plan();
        assertThat(groups(client.asked(origin))).isPositive();
    }

    /** A plan came late, or the origin was busy at its last moment: as long as the peer is trusted the reader waits. */
    @Test
    void lateRequest_lastMomentOfTheOriginIsOver_goesToItOnceItIsExpectedBeforeThePeer() {
        BlobPlan blob = client.open(true);
        Holder peer = client.measuredPeer(blob, "peer", 200);
        client.measure(new SourceInfo("origin:o", SourceInfo.Kind.ORIGIN), 100, 300);
        Request owed = blob.ask(peer, range(0, 1), AskReason.PEER, client.now, new ArrayList<>());
        Holder origin = client.origin(blob);
        client.now += 150 * MILLI;
        client.reads(blob, 0, 1, 50);
        client.plan();
        assertThat(client.asked(origin)).isEmpty();
        client.now += 150 * MILLI;
        client.reads(blob, 0, 1, 50);
        client.plan();
        assertThat(client.cancelled()).containsExactly(owed);
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

    private Holder fasterThanWhoOwesTheFirst(BlobPlan blob) {
        SourceInfo other = new SourceInfo("peer:other", SourceInfo.Kind.PEER);
        client.measure(other, 20, 200);
        Holder late = client.measuredPeer(blob, "late", 4);
        blob.ask(late, range(0, 1), AskReason.PEER, client.now, new ArrayList<>());
        return client.machine.join(blob, other, GroupSet.all(1000));
    }

    /** What is passed on from one late peer to the next is sent twice, and late all the same. */
    @Test
    void lateRequest_anotherPeerWouldBeLateToo_staysUntilTheReaderWaits() {
        BlobPlan blob = client.open(true);
        Holder faster = fasterThanWhoOwesTheFirst(blob);
        List<Request> owed = blob.requests();
        client.reads(blob, 0, 1, 410);
        client.plan();
        assertThat(client.cancelled()).isEmpty();
        client.now += 900 * MILLI;
        client.reads(blob, 0, 1, -490);
        client.plan();
        assertThat(client.cancelled()).isEqualTo(owed);
        assertThat(groups(client.asked(faster))).isEqualTo(1);
    }

    @Test
    void lateRequest_anotherPeerWouldBeInTime_goesToIt() {
        BlobPlan blob = client.open(true);
        Holder faster = fasterThanWhoOwesTheFirst(blob);
        client.reads(blob, 0, 1, 600);
        client.plan();
        assertThat(groups(client.asked(faster))).isEqualTo(1);
    }

    /** Of two near seeders now this one is ahead and now that one; what is taken back was sent for nothing. */
    @Test
    void lateRequest_nearPeer_isNotOvertakenByOneThatIsLittleAhead() {
        BlobPlan blob = client.open(true);
        Holder near = client.measuredPeer(blob, "near", 600);
        client.measuredPeer(blob, "idle", 600);
        blob.ask(near, range(0, 32), AskReason.PEER, client.now, new ArrayList<>());
        blob.ask(near, range(32, 64), AskReason.PEER, client.now, new ArrayList<>());
        client.reads(blob, 0, 64, 0);
        client.plan();
        assertThat(client.cancelled()).isEmpty();
    }

    @Test
    void hedges_oneAtATimeAndBounded() {
        BlobPlan blob = client.open(true);
        Holder a = client.measuredPeer(blob, "a", 30);
        Holder b = client.measuredPeer(blob, "b", 30);
        Holder origin = client.measuredOrigin(blob, 400);
        blob.ask(a, range(0, 5), AskReason.PEER, client.now, new ArrayList<>());
        blob.ask(b, range(5, 10), AskReason.PEER, client.now, new ArrayList<>());
        client.reads(blob, 0, 10, 410);
        List<GroupRange> hedges = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            client.planAfter(1);
            client.asked(origin).stream()
                    .filter(asked -> asked.reason() == AskReason.HEDGE)
                    .forEach(asked -> hedges.add(asked.groups()));
        }
        assertThat(hedges).containsExactly(range(0, 5));
        assertThat(client.cancelled()).isEmpty();
        blob.ended(origin.requests().get(0));
        client.planAfter(1);
        assertThat(origin.requests()).extracting(Request::reason).containsExactly(AskReason.HEDGE);
    }

    /** What the faster one does not hold it would be asked for in vain. */
    @Test
    void hedge_fasterSourceHoldsLess_asksForNoMoreThanThat() {
        BlobPlan blob = client.open(true);
        Holder slow = client.measuredPeer(blob, "slow", 40);
        Holder faster = client.measuredPeer(blob, "faster", 400);
        faster.available(GroupSet.of(range(0, 3)));
        blob.ask(slow, range(0, 6), AskReason.PEER, client.now, new ArrayList<>());
        client.reads(blob, 0, 6, 480);
        client.planAfter(1);
        assertThat(client.asked(faster)).extracting(Request::reason).containsExactly(AskReason.HEDGE);
        assertThat(client.asked(faster).get(0).groups()).isEqualTo(range(0, 3));
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
}
