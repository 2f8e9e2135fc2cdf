package io.runnel.p2p.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SwarmId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeMachineTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int GROUP = ExchangeProtocol.GROUP_BYTES;
    private static final SwarmId SWARM = swarm(1);

    private static SwarmId swarm(int value) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) value;
        return SwarmId.of(bytes);
    }

    private static byte[] blob(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static Pair seeded(byte[] blob) {
        long seed = new Random().nextLong();
        return seeded(new Pair(seed), blob);
    }

    private static Pair seeded(Pair pair, byte[] blob) {
        return opened(pair, blob, GroupSet.all(Blob.groups(blob.length)));
    }

    /** Two ends of which neither holds anything. */
    private static Pair empty(byte[] blob) {
        return opened(new Pair(new Random().nextLong()), blob, GroupSet.empty());
    }

    private static Pair opened(Pair pair, byte[] blob, GroupSet heldByRight) {
        pair.left.add(SWARM, blob, GroupSet.empty());
        pair.right.add(SWARM, blob, heldByRight);
        pair.open();
        pair.run(SECOND / 10);
        return pair;
    }

    private static void fetch(Pair pair, long id, long first, long end) {
        pair.left.apply(pair.left.machine.fetch(id, SWARM, new GroupRange(first, end), pair.now));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, GROUP - 1, GROUP, GROUP + 1, 8 * GROUP, 33 * GROUP + 5, 300 * GROUP, 700 * GROUP + 16383})
    void fetch_wholeBlob_deliversItInOrder(int size) {
        byte[] blob = blob(size);
        Pair pair = seeded(blob);
        assertThat(pair.left.sources).containsEntry(SWARM, GroupSet.all(Blob.groups(size)));
        assertThat(pair.right.sources).containsEntry(SWARM, GroupSet.empty());
        fetch(pair, 1, 0, Blob.groups(size));
        pair.run(60 * SECOND);
        assertThat(pair.left.completed).as("seed %d", pair.seed).containsExactly(1L);
        assertThat(pair.left.received.get(1L)).isEqualTo(blob);
        assertThat(pair.left.misbehaviour).isEmpty();
        assertThat(pair.right.misbehaviour).isEmpty();
    }

    @Test
    void fetch_manyBothWaysWithCancels_endsEachOnce() {
        for (int round = 0; round < 10; round++) {
            Pair pair = new Pair(new Random().nextLong());
            byte[] blob = blob(400 * GROUP + 77);
            GroupSet all = GroupSet.all(Blob.groups(blob.length));
            pair.left.add(SWARM, blob, all);
            pair.right.add(SWARM, blob, all);
            pair.open();
            pair.run(SECOND / 10);
            for (Pair.End end : new Pair.End[] {pair.left, pair.right}) {
                for (int i = 0; i < 40; i++) {
                    long id = i;
                    long first = pair.random.nextInt(400);
                    long last = first + 1 + pair.random.nextInt((int) (401 - first));
                    pair.at(
                            pair.random.nextInt(50_000_000),
                            () -> end.apply(end.machine.fetch(id, SWARM, new GroupRange(first, last), pair.now)));
                    if (pair.random.nextInt(3) == 0) {
                        pair.at(
                                50_000_000 + pair.random.nextInt(50_000_000),
                                () -> end.apply(end.machine.cancel(id, pair.now)));
                    }
                }
            }
            pair.run(120 * SECOND);
            for (Pair.End end : new Pair.End[] {pair.left, pair.right}) {
                assertThat(end.misbehaviour).as("seed %d", pair.seed).isEmpty();
                assertThat(end.closed).as("seed %d", pair.seed).isNull();
                assertThat(end.completed.size() + end.failed.size())
                        .as("seed %d", pair.seed)
                        .isEqualTo(40);
                assertThat(end.failed.values()).containsOnly(SourceException.Reason.CLOSED);
            }
        }
    }

    @Test
    void provider_slowTransport_readsNoFurtherAhead() {
        Pair pair = seeded(blob(700 * GROUP));
        fetch(pair, 1, 0, 700);
        pair.run(60 * SECOND);
        assertThat(pair.left.completed).containsExactly(1L);
        long frame = (long) ExchangeProtocol.FRAME_GROUPS * GROUP;
        assertThat(pair.right.maxUntaken).isLessThan(ExchangeProtocol.MOST_AHEAD_BYTES + frame + 1024);
    }

    /** What was handed to a slow transport cannot be taken back: it is handed little. */
    @Test
    void cancel_slowTransport_stopsWithinThreeGroups() {
        Pair pair = seeded(blob(2000 * GROUP));
        pair.right.bytesPerSecond = 50_000;
        fetch(pair, 1, 0, 200);
        pair.run(pair.now + 20 * SECOND);
        pair.left.apply(pair.left.machine.cancel(1, pair.now));
        long before = pair.right.bytesSent;
        assertThat(pair.right.untaken).as("seed %d", pair.seed).isBetween(1L, 3L * GROUP + 100);
        pair.run(pair.now + 60 * SECOND);
        assertThat(pair.right.bytesSent - before).as("seed %d", pair.seed).isLessThan(2 * GROUP);
    }

    @Test
    void provider_transportThatBecomesFast_sendsWholeFrames() {
        Pair pair = seeded(blob(2000 * GROUP));
        pair.right.bytesPerSecond = 50_000;
        fetch(pair, 1, 0, 20);
        pair.run(pair.now + 20 * SECOND);
        pair.right.bytesPerSecond = 20_000_000;
        fetch(pair, 2, 20, 2000);
        pair.run(pair.now + 10 * SECOND);
        assertThat(pair.left.completed).containsExactly(1L, 2L);
        assertThat(pair.right.longest).isGreaterThan(ExchangeProtocol.FRAME_GROUPS * GROUP);
    }

    @Test
    void cancel_midway_stopsTheProviderSoon() {
        Pair pair = seeded(blob(2000 * GROUP));
        fetch(pair, 1, 0, 2000);
        pair.run(pair.now + SECOND / 50);
        pair.left.apply(pair.left.machine.cancel(1, pair.now));
        assertThat(pair.left.failed).containsEntry(1L, SourceException.Reason.CLOSED);
        long before = pair.right.bytesSent;
        pair.run(pair.now + 60 * SECOND);
        assertThat(pair.right.bytesSent - before).isLessThan(2L << 20);
        long delivered = pair.left.received.get(1L).length;
        assertThat(pair.right.bytesSent - delivered - pair.left.lateBytes)
                .as("all but the headers was delivered, or said to be late")
                .isBetween(0L, 4096L);
        assertThat(pair.left.lateBytes).isPositive();
        fetch(pair, 2, 5, 9);
        pair.run(pair.now + SECOND);
        assertThat(pair.left.completed).containsExactly(2L);
    }

    @Test
    void have_whileDownloading_isTold() {
        Pair pair = empty(blob(100 * GROUP));
        pair.left.hold(SWARM, GroupSet.of(new GroupRange(3, 5)));
        pair.run(pair.now + SECOND);
        assertThat(pair.right.sources).containsEntry(SWARM, GroupSet.of(new GroupRange(3, 5)));
        pair.left.hold(SWARM, GroupSet.of(new GroupRange(3, 90)));
        pair.run(pair.now + SECOND);
        assertThat(pair.right.sources).containsEntry(SWARM, GroupSet.of(new GroupRange(3, 90)));
        pair.left.hold(SWARM, GroupSet.of(new GroupRange(7, 8)));
        pair.run(pair.now + SECOND);
        assertThat(pair.right.sources).containsEntry(SWARM, GroupSet.of(new GroupRange(7, 8)));
    }

    @Test
    void have_thousandsOfRuns_isBoundedAndTrue() {
        Pair pair = empty(blob(GROUP * 10_000));
        GroupSet held = GroupSet.empty();
        for (int i = 0; i < 5000; i++) {
            held = held.plus(new GroupRange(2L * i, 2L * i + 1));
        }
        pair.left.hold(SWARM, held);
        pair.run(pair.now + SECOND);
        GroupSet heard = pair.right.sources.get(SWARM);
        assertThat(heard.runs()).hasSize(ExchangeProtocol.MAX_RUNS);
        assertThat(heard.minus(held).isEmpty()).isTrue();
        assertThat(pair.right.misbehaviour).isEmpty();
    }

    @Test
    void have_heldChangesEveryMillisecond_isBatched() {
        Pair pair = empty(blob(1000 * GROUP));
        long before = pair.left.bytesSent;
        for (int i = 1; i <= 100; i++) {
            long end = i;
            pair.at(i * 1_000_000L, () -> pair.left.hold(SWARM, GroupSet.all(end)));
        }
        pair.run(pair.now + SECOND);
        assertThat(pair.right.sources).containsEntry(SWARM, GroupSet.all(100));
        assertThat(pair.left.bytesSent - before).isLessThan(5 * 14 + 1);
    }

    @Test
    void have_peerHoldsItToo_isToldOnlyOnceThePeerLacksIt() {
        Pair pair = seeded(blob(100 * GROUP));
        long before = pair.left.bytesSent;
        pair.left.hold(SWARM, GroupSet.of(new GroupRange(3, 5)));
        pair.run(pair.now + SECOND);
        assertThat(pair.left.bytesSent - before).isZero();
        pair.right.hold(SWARM, GroupSet.all(4));
        pair.run(pair.now + SECOND);
        assertThat(pair.right.sources).containsEntry(SWARM, GroupSet.of(new GroupRange(3, 5)));
    }

    @Test
    void fetch_evictedGroups_failsAsNotFound() {
        Pair pair = seeded(blob(100 * GROUP));
        pair.right.heldBySwarm.put(SWARM, GroupSet.of(new GroupRange(0, 16)));
        fetch(pair, 1, 0, 100);
        pair.run(pair.now + 5 * SECOND);
        assertThat(pair.left.failed).containsEntry(1L, SourceException.Reason.NOT_FOUND);
        assertThat(pair.left.received.getOrDefault(1L, new byte[0])).hasSizeLessThanOrEqualTo(16 * GROUP);
        assertThat(pair.left.closed).isNull();
    }

    @Test
    void fetch_storeFails_failsAsUnreachable() {
        Pair pair = seeded(blob(100 * GROUP));
        pair.right.failReads = true;
        fetch(pair, 1, 0, 100);
        pair.left.apply(pair.left.machine.tree(1, SWARM, 0, 64, pair.now));
        pair.run(pair.now + 5 * SECOND);
        assertThat(pair.left.failed).containsEntry(1L, SourceException.Reason.UNREACHABLE);
        assertThat(pair.left.treesFailed).containsEntry(1L, SourceException.Reason.UNREACHABLE);
    }

    @Test
    void tree_asked_isAnsweredExactly() {
        Pair pair = seeded(blob(3000 * GROUP));
        pair.left.apply(pair.left.machine.tree(9, SWARM, 64 * 7, 64 * 1030, pair.now));
        pair.run(pair.now + SECOND);
        byte[] expected = new byte[64 * 1030];
        Arrays.fill(expected, (byte) 7);
        assertThat(pair.left.trees.get(9L)).isEqualTo(expected);
    }

    @Test
    void closeBlob_duringFetch_endsItAndLeaves() {
        for (boolean providerCloses : new boolean[] {true, false}) {
            Pair pair = seeded(blob(1000 * GROUP));
            fetch(pair, 1, 0, 1000);
            pair.left.apply(pair.left.machine.tree(1, SWARM, 0, 64, pair.now));
            pair.run(pair.now + SECOND / 100);
            Pair.End closer = providerCloses ? pair.right : pair.left;
            closer.apply(closer.machine.closeBlob(SWARM, pair.now));
            pair.run(pair.now + 30 * SECOND);
            assertThat(pair.left.failed).containsEntry(1L, SourceException.Reason.CLOSED);
            assertThat(pair.left.trees.size() + pair.left.treesFailed.size()).isEqualTo(1);
            assertThat(pair.left.sources).isEmpty();
            assertThat(pair.right.sources).isEmpty();
            assertThat(pair.left.misbehaviour).as("seed %d", pair.seed).isEmpty();
            assertThat(pair.right.misbehaviour).as("seed %d", pair.seed).isEmpty();
            assertThat(pair.left.closed).isNull();

            closer.add(SWARM, blob(1000 * GROUP), GroupSet.all(providerCloses ? 1000 : 0));
            pair.run(pair.now + SECOND);
            fetch(pair, 2, 10, 20);
            pair.run(pair.now + SECOND);
            assertThat(pair.left.completed).as("seed %d", pair.seed).containsExactly(2L);
        }
    }

    @Test
    void openBlob_againWhileAHaveIsUnderWay_isNoOffenceAndHearsAll() {
        byte[] blob = blob(100 * GROUP);
        Pair pair = opened(new Pair(new Random().nextLong()), blob, GroupSet.all(10));
        pair.right.hold(SWARM, GroupSet.all(20));
        pair.left.apply(pair.left.machine.closeBlob(SWARM, pair.now));
        pair.left.add(SWARM, blob, GroupSet.empty());
        pair.run(SECOND);
        assertThat(pair.left.misbehaviour).as("seed %d", pair.seed).isEmpty();
        assertThat(pair.left.sources).containsEntry(SWARM, GroupSet.all(20));
    }

    @Test
    void openBlob_unknownToTheOther_isReported() {
        Pair pair = new Pair(1);
        pair.left.add(SWARM, blob(10), GroupSet.all(1));
        pair.open();
        pair.run(SECOND);
        assertThat(pair.right.peerOpened).containsExactly(SWARM);
        assertThat(pair.right.sources).isEmpty();
        pair.right.add(SWARM, blob(10), GroupSet.empty());
        pair.run(2 * SECOND);
        assertThat(pair.right.sources).containsEntry(SWARM, GroupSet.all(1));
    }

    @Test
    void fetch_silentPeer_timesOutAndThenCloses() {
        Pair pair = seeded(blob(1000 * GROUP));
        // The provider's store never answers.
        pair.right.apply(pair.right.machine.heldChanged(SWARM, GroupSet.all(1000), pair.now));
        ExchangeMachine machine = pair.left.machine;
        pair.left.apply(machine.fetch(1, SWARM, new GroupRange(0, 10), pair.now));
        pair.left.apply(machine.wake(pair.now + 10 * SECOND));
        assertThat(pair.left.failed).containsEntry(1L, SourceException.Reason.TIMED_OUT);
        assertThat(pair.left.closed).isNull();
        pair.left.apply(machine.wake(pair.now + 20 * SECOND));
        assertThat(pair.left.closed).isEqualTo("peer delivers nothing");
    }

    @Test
    void opened_noHello_closes() {
        Pair pair = new Pair(1);
        pair.left.apply(pair.left.machine.opened(0));
        pair.left.apply(pair.left.machine.wake(5 * SECOND));
        assertThat(pair.left.closed).isEqualTo("peer said no hello");
    }

    @Test
    void drain_fetchUnderWay_finishesItThenAsksToReconnect() {
        Pair pair = seeded(blob(200 * GROUP));
        fetch(pair, 1, 0, 200);
        pair.run(pair.now + 1_000_000);
        pair.left.apply(pair.left.machine.drain(pair.now));
        fetch(pair, 2, 0, 1);
        pair.run(pair.now + 4 * SECOND);
        assertThat(pair.left.completed).containsExactly(1L);
        assertThat(pair.left.failed).containsEntry(2L, SourceException.Reason.BUSY);
        assertThat(pair.left.ending).isEqualTo(ExchangeEffect.Ending.RECONNECT);
        assertThat(pair.right.ending).isEqualTo(ExchangeEffect.Ending.RECONNECT);
        assertThat(pair.left.sources).isEmpty();
    }

    @Test
    void drain_fetchUnderWayThatNeverEnds_endsAfterFiveSeconds() {
        Pair pair = seeded(blob(200 * GROUP));
        pair.right.bytesPerSecond = 1;
        fetch(pair, 1, 0, 200);
        pair.left.apply(pair.left.machine.drain(pair.now));
        pair.run(pair.now + 5 * SECOND - 1);
        assertThat(pair.left.closed).as("seed %d", pair.seed).isNull();
        pair.run(pair.now + 1);
        assertThat(pair.left.closed).as("seed %d", pair.seed).isEqualTo("connection was worn out");
        assertThat(pair.left.ending).isEqualTo(ExchangeEffect.Ending.RECONNECT);
        assertThat(pair.left.failed).containsEntry(1L, SourceException.Reason.CLOSED);
    }

    @Test
    void serving_notAllowed_isNoSourceAndRefuses() {
        Pair pair = seeded(new Pair(3, true, false), blob(10 * GROUP));
        assertThat(pair.left.sources).isEmpty();
        fetch(pair, 1, 0, 1);
        assertThat(pair.left.failed).containsEntry(1L, SourceException.Reason.CLOSED);
    }

    @Test
    void lost_duringFetch_failsAsUnreachable() {
        Pair pair = seeded(blob(1000 * GROUP));
        fetch(pair, 1, 0, 1000);
        pair.left.apply(pair.left.machine.lost(pair.now));
        fetch(pair, 2, 0, 1000);
        assertThat(pair.left.failed)
                .containsEntry(1L, SourceException.Reason.UNREACHABLE)
                .containsEntry(2L, SourceException.Reason.CLOSED);
        assertThat(pair.left.sources).isEmpty();
    }

    @Test
    void credential_shown_arrives() {
        Pair pair = seeded(blob(1));
        pair.left.apply(pair.left.machine.showCredential(ByteBuffer.wrap(new byte[] {1, 2, 3}), pair.now));
        pair.run(pair.now + SECOND);
        assertThat(pair.right.credentials).containsExactly(new byte[] {1, 2, 3});
    }
}
