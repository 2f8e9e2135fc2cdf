package io.runnel.engine.plan;

import static io.runnel.engine.plan.Client.groups;
import static io.runnel.engine.plan.Client.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.source.GroupSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One plan over all blobs. */
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

    /** Both have what they need soon, and peers have little room: neither looks far ahead while the other has less. */
    @Test
    void twoReaders_peersHaveLittleRoom_whatIsDueSoonerComesFirstOverBoth() {
        BlobPlan first = client.open(true);
        BlobPlan second = client.open(true);
        client.now += 200_000 * Client.MILLI;
        for (int i = 0; i < 6; i++) {
            client.measuredPeer(first, "p" + i, 400);
            client.peer(second, "p" + i, GroupSet.all(1000));
        }
        client.reads(first, 0, 1000, 3_000);
        client.reads(second, 0, 1000, 4_000);
        client.plan();
        assertThat(first.holders).allMatch(holder -> holder.party().room() == 0);
        assertThat(groups(first.requests())).isGreaterThan(2 * (long) Client.PACE);
        assertThat(groups(second.requests())).isGreaterThan((long) Client.PACE);
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

    /** The one opened first must not take each room that comes free. */
    @Test
    void downloads_ofTwoBlobs_shareTheOrigin() {
        BlobPlan first = client.open(false);
        BlobPlan second = client.open(false);
        Holder origin = client.origin(first);
        Holder same = client.origin(second);
        client.downloads(first, 0, 1000, Demand.Priority.DOWNLOAD);
        client.plan();
        client.downloads(second, 0, 1000, Demand.Priority.DOWNLOAD);
        long ofFirst = 0;
        long ofSecond = 0;
        for (int i = 0; i < 6; i++) {
            client.now += 250 * Client.MILLI;
            ofFirst += deliverAll(first, origin);
            ofSecond += deliverAll(second, same);
            client.plan();
        }
        assertThat(ofSecond).isBetween(ofFirst / 2, ofFirst * 2);
    }

    private long deliverAll(BlobPlan blob, Holder holder) {
        long delivered = 0;
        for (Request request : holder.requests()) {
            delivered += request.groups().count();
            blob.delivered(request, request.groups().end(), client.now);
            blob.held(blob.held().plus(request.groups()));
            blob.settled(request, request.groups(), true);
        }
        return delivered;
    }

    @Test
    void yields_onlyWhereASourceThatCouldHelpIsBusyWithOtherBlobs() {
        BlobPlan waits = client.open(false);
        BlobPlan other = client.open(false);
        Holder origin = client.origin(waits);
        client.origin(other);
        client.downloads(waits, 0, 100, Demand.Priority.PREFETCH);
        assertThat(waits.yields(client.now)).isFalse();
        client.downloads(other, 0, 1000, Demand.Priority.DOWNLOAD);
        client.plan();
        assertThat(client.asked(origin)).isEmpty();
        assertThat(waits.yields(client.now)).isTrue();
        assertThat(other.yields(client.now)).isFalse();
        origin.available(GroupSet.of(range(100, 1000)));
        assertThat(waits.yields(client.now)).isFalse();
        origin.available(GroupSet.of(range(99, 1000)));
        assertThat(waits.yields(client.now)).isTrue();
        waits.provable(GroupSet.of(range(0, 99)));
        assertThat(waits.yields(client.now)).isFalse();
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

    /** A session may be long, and peers many. */
    @Test
    void join_morePeersThanAreRemembered_forgetsWhoWasMetLongestAgoButNoLiarAndNobodyInUse() {
        BlobPlan blob = client.open(true);
        Holder liar = client.peer(blob, "liar", GroupSet.all(1000));
        liar.lied();
        blob.leave(liar);
        Holder here = client.measuredPeer(blob, "here", 200);
        blob.leave(client.measuredPeer(blob, "old", 200));
        assertThat(metAgain(blob, "old").proven()).isTrue();
        for (int i = 0; i < Parties.MOST; i++) {
            blob.leave(client.peer(blob, "p" + i, GroupSet.empty()));
        }
        assertThat(metAgain(blob, "old").proven()).isFalse();
        assertThat(metAgain(blob, "liar").banned()).isTrue();
        assertThat(metAgain(blob, "here")).isSameAs(here.party());
    }

    private Party metAgain(BlobPlan blob, String name) {
        Holder holder = client.peer(blob, name, GroupSet.all(1000));
        blob.leave(holder);
        return holder.party();
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
}
