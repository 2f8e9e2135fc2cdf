package io.runnel.p2p.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SwarmId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a side gives, and what it may send: the right end holds a blob, the left end wants it. */
class StanceTest {
    private static final List<Stance> ANY = List.of(Stance.values());
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int GROUP = ExchangeProtocol.GROUP_BYTES;
    private static final SwarmId SWARM = SwarmId.of(new byte[32]);
    private static final int GROUPS = 200;

    private final byte[] blob = new byte[GROUPS * GROUP - 77];
    private final Pair pair;

    StanceTest() {
        long seed = new Random().nextLong();
        new Random(seed).nextBytes(blob);
        pair = new Pair(
                seed, ExchangeMachine.governed(Stance.HIDE, true), ExchangeMachine.governed(Stance.SERVE, true));
    }

    private void begin(Stance right) {
        stance(right);
        pair.left.add(SWARM, blob, GroupSet.empty());
        pair.right.add(SWARM, blob, GroupSet.all(GROUPS));
        pair.open();
        pair.run(SECOND / 2);
    }

    private void stance(Stance right) {
        pair.right.apply(pair.right.machine.stance(right, pair.now));
    }

    private void fetch(long id, long first, long end) {
        pair.left.apply(pair.left.machine.fetch(id, SWARM, new GroupRange(first, end), pair.now));
    }

    private void later(long nanos) {
        pair.run(pair.now + nanos);
    }

    /** Grants every wish, in pieces of this size, until none comes any more. */
    private long grantAll(long piece) {
        long granted = 0;
        int steps = 0;
        later(SECOND / 10);
        while (pair.right.wish() > 0) {
            long bytes = Math.min(piece, pair.right.wish());
            granted += bytes;
            pair.right.permit(bytes);
            later(SECOND / 10);
            assertThat(steps++).as("seed %d", pair.seed).isLessThan(10_000);
        }
        return granted;
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 14, 3 << 14, 1 << 17})
    void permit_pieces_sendNoMoreThanThatAndInTheEndAll(long piece) {
        begin(Stance.SERVE);
        fetch(1, 0, GROUPS);
        later(SECOND);
        assertThat(pair.left.received).isEmpty();
        pair.right.permit(piece);
        later(SECOND);
        assertThat(pair.left.received.get(1L)).as("seed %d", pair.seed).hasSize((int) piece);
        long granted = piece + grantAll(piece);
        assertThat(pair.left.received.get(1L)).isEqualTo(blob);
        assertThat(granted).isEqualTo(blob.length);
        assertThat(pair.left.completed).containsExactly(1L);
    }

    @Test
    void permit_trees_areAskedForAndComeBeforeGroups() {
        begin(Stance.SERVE);
        fetch(1, 0, 32);
        pair.left.apply(pair.left.machine.tree(2, SWARM, 0, 6400, pair.now));
        later(SECOND);
        assertThat(pair.left.trees).isEmpty();
        // The wish for groups came first; then the tree is next.
        pair.right.permit(6400);
        later(SECOND);
        assertThat(pair.left.trees).as("seed %d", pair.seed).containsKey(2L);
        assertThat(pair.left.received).isEmpty();
    }

    @Test
    void permit_notSentWhileMoreIsAsked_isNotLost() {
        begin(Stance.SERVE);
        fetch(1, 0, 32);
        fetch(2, 40, 48);
        later(SECOND / 10);
        // The store has lost what the first asks for, which the machine has not been told yet.
        pair.right.heldBySwarm.put(SWARM, GroupSet.of(new GroupRange(40, GROUPS)));
        pair.right.permit(GROUP);
        later(SECOND);
        assertThat(pair.left.failed).containsKey(1L);
        assertThat(pair.left.received.get(2L)).as("seed %d", pair.seed).hasSize(GROUP);
    }

    @Test
    void permit_notSentAndNothingAsked_lapses() {
        begin(Stance.SERVE);
        pair.left.apply(pair.left.machine.tree(1, SWARM, 0, 6400, pair.now));
        later(SECOND / 10);
        pair.right.failReads = true;
        pair.right.permit(6400);
        later(SECOND / 10);
        assertThat(pair.left.treesFailed).containsKey(1L);
        pair.right.failReads = false;
        pair.left.apply(pair.left.machine.tree(2, SWARM, 0, 6400, pair.now));
        later(SECOND);
        assertThat(pair.left.trees).as("seed %d", pair.seed).isEmpty();
        assertThat(pair.right.wish()).isEqualTo(6400);
        pair.right.permit(6400);
        later(SECOND);
        assertThat(pair.left.trees).containsOnlyKeys(2L);
    }

    @Test
    void permit_nothingAskedAnyMore_lapses() {
        begin(Stance.SERVE);
        pair.right.permit(ExchangeProtocol.MAX_PIECE_BYTES);
        fetch(1, 0, 8);
        later(SECOND);
        assertThat(pair.left.received).as("seed %d", pair.seed).isEmpty();
        assertThat(grantAll(GROUP)).isEqualTo(8 * GROUP);
    }

    /** A permit for who cannot use it yet is one that somebody else goes without. */
    @Test
    void permit_transportIsFull_isNotAskedForUntilThereIsRoom() {
        begin(Stance.SERVE);
        pair.right.bytesPerSecond = 10_000;
        fetch(1, 0, GROUPS);
        later(SECOND / 10);
        pair.right.permit(ExchangeProtocol.MAX_PIECE_BYTES);
        later(SECOND);
        assertThat(pair.right.untaken)
                .as("seed %d", pair.seed)
                .isGreaterThanOrEqualTo(ExchangeProtocol.LEAST_AHEAD_BYTES);
        assertThat(pair.right.wish()).as("seed %d", pair.seed).isZero();
        later(14 * SECOND);
        assertThat(pair.right.wish()).as("seed %d", pair.seed).isPositive();
    }

    @Test
    void cancel_all_takesTheWishBack() {
        begin(Stance.SERVE);
        fetch(1, 0, 32);
        later(SECOND / 10);
        assertThat(pair.right.wish()).isPositive();
        pair.left.apply(pair.left.machine.cancel(1, pair.now));
        later(SECOND / 10);
        assertThat(pair.right.wish()).isZero();
    }

    @Test
    void decline_everythingAsked_failsAsBusy() {
        begin(Stance.SERVE);
        fetch(1, 0, 100);
        pair.left.apply(pair.left.machine.tree(2, SWARM, 0, 640, pair.now));
        later(SECOND / 10);
        pair.right.apply(pair.right.machine.decline(2_000, pair.now));
        later(SECOND);
        assertThat(pair.left.failed).containsEntry(1L, SourceException.Reason.BUSY);
        assertThat(pair.left.treesFailed).containsEntry(2L, SourceException.Reason.BUSY);
        assertThat(pair.left.sources).containsKey(SWARM);
        assertThat(pair.right.wish()).isZero();
    }

    @Test
    void stance_serveToHideMidway_endsTransfersAndTheSource() {
        begin(Stance.SERVE);
        fetch(1, 0, GROUPS);
        later(SECOND / 10);
        pair.right.permit(ExchangeProtocol.MAX_PIECE_BYTES);
        later(SECOND / 10);
        stance(Stance.HIDE);
        long sent = pair.right.bytesSent;
        later(SECOND);
        assertThat(pair.right.bytesSent).as("nothing but words").isLessThan(sent + 100);
        assertThat(pair.left.failed).containsEntry(1L, SourceException.Reason.DENIED);
        assertThat(pair.left.sources).doesNotContainKey(SWARM);
        fetch(2, 0, 1);
        assertThat(pair.left.failed).containsKey(2L);
    }

    @Test
    void stance_hideToServe_becomesASourceOfWhatIsHeldNow() {
        begin(Stance.SERVE);
        stance(Stance.HIDE);
        later(SECOND);
        pair.right.hold(SWARM, GroupSet.all(50));
        later(SECOND);
        stance(Stance.SERVE);
        later(SECOND);
        assertThat(pair.left.sources).as("seed %d", pair.seed).containsEntry(SWARM, GroupSet.all(50));
        assertThat(pair.left.offers)
                .as("not for a moment what was held before, seed %d", pair.seed)
                .containsExactly(GroupSet.all(GROUPS), GroupSet.all(50));
        fetch(1, 0, 50);
        grantAll(1 << 17);
        assertThat(pair.left.completed).containsExactly(1L);
    }

    /** Its credential does not let the right end serve, and it says all the same that it does. */
    @Test
    void stance_servesThoughItMayNot_isNeverASource() {
        Pair unequal = new Pair(
                pair.seed, ExchangeMachine.governed(Stance.HIDE, false), ExchangeMachine.governed(Stance.SERVE, true));
        unequal.left.add(SWARM, blob, GroupSet.empty());
        unequal.right.add(SWARM, blob, GroupSet.all(GROUPS));
        unequal.open();
        for (Stance next : List.of(Stance.SERVE, Stance.HIDE, Stance.SERVE)) {
            unequal.right.apply(unequal.right.machine.stance(next, unequal.now));
            unequal.run(unequal.now + SECOND);
        }
        assertThat(unequal.left.shown).as("seed %d", pair.seed).containsEntry(SWARM, GroupSet.all(GROUPS));
        assertThat(unequal.left.offers).as("seed %d", pair.seed).isEmpty();
    }

    @Test
    void stance_show_tellsWhatIsHeldAndServesNothing() {
        begin(Stance.SHOW);
        assertThat(pair.left.shown).containsEntry(SWARM, GroupSet.all(GROUPS));
        assertThat(pair.left.sources).isEmpty();
        fetch(1, 0, 1);
        assertThat(pair.left.failed).containsKey(1L);
        stance(Stance.SERVE);
        later(SECOND);
        assertThat(pair.left.sources).containsEntry(SWARM, GroupSet.all(GROUPS));
    }

    @Test
    void stance_hide_tellsNothing() {
        begin(Stance.HIDE);
        assertThat(pair.left.shown).isEmpty();
        assertThat(pair.left.sources).isEmpty();
    }

    @Test
    void stance_backAndForthWhileAsked_endsEachOnceAndNobodyMisbehaves() {
        begin(Stance.SERVE);
        Random random = pair.random;
        for (int i = 0; i < 60; i++) {
            long id = i;
            pair.at(random.nextInt(1_000_000_000), () -> fetch(id, random.nextInt(100), 101 + random.nextInt(99)));
            Stance next = ANY.get(random.nextInt(ANY.size()));
            pair.at(random.nextInt(1_000_000_000), () -> stance(next));
            pair.at(random.nextInt(1_000_000_000), () -> pair.right.permit(1 + random.nextInt(1 << 17)));
        }
        later(2 * SECOND);
        stance(Stance.SERVE);
        grantAll(1 << 17);
        later(30 * SECOND);
        assertThat(pair.left.misbehaviour).as("seed %d", pair.seed).isEmpty();
        assertThat(pair.right.misbehaviour).as("seed %d", pair.seed).isEmpty();
        assertThat(pair.left.closed).as("seed %d", pair.seed).isNull();
        assertThat(pair.left.completed.size() + pair.left.failed.size()).isEqualTo(60);
        fetch(100, 0, 8);
        grantAll(1 << 17);
        assertThat(pair.left.completed).as("seed %d", pair.seed).contains(100L);
    }
}
