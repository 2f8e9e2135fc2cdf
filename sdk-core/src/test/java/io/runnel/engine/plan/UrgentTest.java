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

/** What is due soon: who is asked for it. */
class UrgentTest {
    private final Client client = new Client();

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

    /** Neither the first of them nor the fastest takes all there is. */
    @Test
    void urgent_severalReadersThatWait_shareTheRoom() {
        BlobPlan blob = client.open(false);
        client.measuredOrigin(blob, 100);
        blob.demands(List.of(
                new Demand(range(0, 100), Demand.Priority.READER, client.now, 40),
                new Demand(range(300, 400), Demand.Priority.READER, client.now, 40),
                new Demand(range(600, 700), Demand.Priority.READER, client.now, 40)));
        client.plan();
        assertThat(askedFrom(0)).isPositive();
        assertThat(askedFrom(300)).isBetween(askedFrom(0) / 2, askedFrom(0));
        assertThat(askedFrom(600)).isBetween(askedFrom(0) / 2, askedFrom(0));
    }

    /** Groups asked for of the hundred from here on. */
    private long askedFrom(long first) {
        return client.last.stream()
                .map(step -> step.request().groups())
                .filter(groups -> groups.first() >= first && groups.first() < first + 100)
                .mapToLong(GroupRange::count)
                .sum();
    }

    /** A file begins when players have what they need. */
    @Test
    void urgent_readerNeedsSomethingSoon_comesBeforeTheBeginningOfADownload() {
        Client narrow = new Client(8);
        BlobPlan download = narrow.open(false);
        BlobPlan film = narrow.open(false);
        Holder origin = narrow.measuredOrigin(film, 100);
        narrow.origin(download);
        download.demands(List.of(new Demand(range(0, 64), Demand.Priority.DOWNLOAD, narrow.now, 64)));
        narrow.reads(film, 0, 100, 500);
        narrow.plan();
        assertThat(groups(narrow.asked(origin))).isEqualTo(8);
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

    /** However soon a peer is expected, it may fall silent, and at the next plan the origin would be too late. */
    @Test
    void urgent_lastMomentOfTheOrigin_goesToItThoughAPeerIsFarFaster() {
        for (int dueMillis : new int[] {50, 120, 250}) {
            Client fresh = new Client();
            BlobPlan blob = fresh.open(true);
            Holder peer = fresh.measuredPeer(blob, "peer", 150);
            Holder origin = fresh.measuredOrigin(blob, 300);
            fresh.reads(blob, 0, 1, dueMillis);
            fresh.plan();
            boolean inTime = dueMillis > 80;
            assertThat(fresh.asked(origin)).as("due in %d ms", dueMillis).hasSize(inTime ? 1 : 0);
            assertThat(fresh.asked(peer)).hasSize(inTime ? 0 : 1);
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
        client.now += 800 * MILLI;
        client.reads(blob, 0, 16, 500);
        client.plan();
        assertThat(client.cancelled()).contains(request);
        assertThat(groups(client.asked(origin))).isEqualTo(16);
        assertThat(client.asked(late)).isEmpty();
        blob.requests().forEach(blob::ended);
        Request again = blob.ask(late, range(900, 901), AskReason.PEER, client.now, new ArrayList<>());
        client.now += 20 * MILLI;
        blob.delivered(again, 901, client.now);
        client.reads(blob, 0, 8, 1_800);
        client.plan();
        assertThat(client.asked(late)).isNotEmpty();
    }
}
