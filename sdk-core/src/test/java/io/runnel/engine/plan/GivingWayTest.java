package io.runnel.engine.plan;

import static io.runnel.engine.plan.Client.MILLI;
import static io.runnel.engine.plan.Client.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.engine.plan.Demand.Priority;
import io.runnel.source.GroupSet;
import io.runnel.source.Seat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A download or a prefetch has all of an origin's room, and somebody begins to play. */
class GivingWayTest {
    private final Client client = new Client();
    private final BlobPlan first = client.open(false);
    private final BlobPlan second = client.open(false);

    private Holder busyOrigin(double groupsPerSecond, Priority priority) {
        Holder origin = client.measuredOrigin(first, groupsPerSecond);
        client.downloads(first, 0, 1000, priority);
        client.plan();
        assertThat(Client.groups(client.asked(origin))).isPositive();
        return origin;
    }

    /** Of a second blob, which the same origin has. */
    private Holder play(long dueMillis) {
        Holder origin = client.origin(second);
        client.reads(second, 0, 100, dueMillis);
        client.planAfter(100);
        return origin;
    }

    @ParameterizedTest
    @CsvSource({"3, DOWNLOAD", "3, PREFETCH", "60, PREFETCH", "100, PREFETCH"})
    void plan_originIsBusyWithWhatHasNoTime_readerIsServedInItsPlace(double groupsPerSecond, Priority priority) {
        Holder busy = busyOrigin(groupsPerSecond, priority);
        long owed = busy.party().outstandingGroups();
        assertThat(owed).isGreaterThan(3);
        Holder origin = play(0);
        assertThat(Client.groups(client.cancelled())).isEqualTo(owed);
        assertThat(Client.groups(client.asked(origin))).isPositive();
        assertThat(busy.requests()).isEmpty();
    }

    /** It may owe 384 groups, and delivers 3,000 in a second. */
    @Test
    void plan_originIsThroughSoon_nothingIsTakenBack() {
        BlobPlan other = client.open(false);
        Holder fast = client.origin(other);
        Request request = other.ask(fast, range(0, 960), AskReason.NO_PEERS, client.now, new ArrayList<>());
        client.now += 80 * MILLI;
        for (long group = 0; group < 960; group += 8) {
            client.now += 8 * MILLI / 3;
            other.delivered(request, group + 8, client.now);
            other.settled(request, range(group, group + 8), true);
        }
        client.machine.close(other);
        Holder busy = client.origin(first);
        client.downloads(first, 0, 1000, Priority.PREFETCH);
        client.plan();
        assertThat(busy.party().outstandingGroups()).isEqualTo(384);
        client.origin(second);
        client.reads(second, 0, 100, 0);
        // Its answer is not due yet.
        client.planAfter(50);
        assertThat(client.cancelled()).isEmpty();
    }

    /** It is another's turn to ask the origin, so that the room would go back to the prefetch, and be taken again. */
    @Test
    void plan_readerMayNotAskTheOriginYet_nothingIsTakenBack() {
        busyOrigin(60, Priority.PREFETCH);
        BlobPlan shared = client.open(true);
        client.origin(shared);
        client.peer(shared, "empty", GroupSet.empty());
        shared.seat(new Seat(77, 400));
        client.reads(shared, 0, 100, 1_500);
        client.plan();
        assertThat(client.cancelled()).isEmpty();
    }

    /** Else a reader that needs something again and again lets a prefetch have nothing, and each time costs a connection. */
    @Test
    void plan_gaveWayJustNow_nothingIsTakenBackAgainForHalfASecond() {
        Holder busy = busyOrigin(60, Priority.PREFETCH);
        play(0);
        assertThat(client.cancelled()).isNotEmpty();
        second.demands(List.of());
        client.plan();
        assertThat(busy.requests()).as("the prefetch goes on").isNotEmpty();
        client.reads(second, 200, 300, 0);
        client.planAfter(100);
        assertThat(client.cancelled()).isEmpty();
        client.reads(second, 200, 300, 0);
        client.planAfter(500);
        assertThat(client.cancelled()).isNotEmpty();
    }

    @Test
    void plan_readerHasTime_nothingIsTakenBack() {
        busyOrigin(3, Priority.PREFETCH);
        play(10_000);
        assertThat(client.cancelled()).isEmpty();
    }

    @Test
    void plan_anotherReaderKeepsTheOriginBusy_nothingIsTakenBack() {
        Holder busy = client.measuredOrigin(first, 3);
        client.reads(first, 0, 100, 0);
        client.plan();
        assertThat(busy.party().room()).isZero();
        play(0);
        assertThat(client.cancelled()).isEmpty();
    }
}
