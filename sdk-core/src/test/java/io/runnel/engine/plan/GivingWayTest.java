package io.runnel.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.engine.plan.Demand.Priority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A download or a prefetch has all of an origin's room, and somebody begins to play. */
class GivingWayTest {
    private final Client client = new Client();
    private final BlobPlan first = client.open(false);

    private Holder busyOrigin(double groupsPerSecond, Priority priority) {
        Holder origin = client.measuredOrigin(first, groupsPerSecond);
        client.downloads(first, 0, 1000, priority);
        client.plan();
        assertThat(Client.groups(client.asked(origin))).isPositive();
        return origin;
    }

    /** Of a second blob, which the same origin has. */
    private Holder play(long dueMillis) {
        BlobPlan second = client.open(false);
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

    @Test
    void plan_originIsThroughSoon_nothingIsTakenBack() {
        busyOrigin(300, Priority.PREFETCH);
        play(0);
        assertThat(client.cancelled()).isEmpty();
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
