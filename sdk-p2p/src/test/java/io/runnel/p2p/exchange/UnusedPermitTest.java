package io.runnel.p2p.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SwarmId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What is permitted and not sent is given back, to the byte: the right end holds a blob, the left end wants it. */
class UnusedPermitTest {
    private static final List<Stance> ANY = List.of(Stance.values());
    private static final int SECOND = (int) TimeUnit.SECONDS.toNanos(1);
    private static final int GROUP = ExchangeProtocol.GROUP_BYTES;
    private static final SwarmId SWARM = SwarmId.of(new byte[32]);
    private static final int GROUPS = 200;

    private final byte[] blob = new byte[GROUPS * GROUP - 77];
    private final Pair pair = new Pair(
            new Random().nextLong(),
            ExchangeMachine.governed(Stance.HIDE, true),
            ExchangeMachine.governed(Stance.SERVE, true));

    private void begin() {
        pair.left.add(SWARM, blob, GroupSet.empty());
        pair.right.add(SWARM, blob, GroupSet.all(GROUPS));
        pair.open();
        pair.run(SECOND / 2);
    }

    private void fetch(long id, long first, long end) {
        pair.left.apply(pair.left.machine.fetch(id, SWARM, new GroupRange(first, end), pair.now));
    }

    private void cancel(long id) {
        pair.left.apply(pair.left.machine.cancel(id, pair.now));
    }

    private void later(long nanos) {
        pair.run(pair.now + nanos);
    }

    @Test
    void permit_nothingAskedAnyMore_comesBackWhole() {
        begin();
        fetch(1, 0, 8);
        later(SECOND / 10);
        cancel(1);
        later(SECOND / 10);
        pair.right.permit(8 * GROUP);
        assertThat(pair.right.unused).as("seed %d", pair.seed).isEqualTo(8 * GROUP);
    }

    @Test
    void permit_storeFails_whatWasNotSentComesBack() {
        begin();
        fetch(1, 0, 100);
        later(SECOND / 10);
        pair.right.permit(2 * GROUP);
        later(SECOND / 10);
        pair.right.failReads = true;
        pair.right.permit(4 * GROUP);
        later(SECOND);
        assertThat(pair.right.served).as("seed %d", pair.seed).isEqualTo(2L * GROUP);
        assertThat(pair.right.unused).as("seed %d", pair.seed).isEqualTo(4L * GROUP);
    }

    @Test
    void permit_connectionBreaksAndPermitComesAfter_comesBackWhole() {
        begin();
        fetch(1, 0, 8);
        later(SECOND / 10);
        pair.right.permit(GROUP);
        // Its reads of the store have not come back yet.
        pair.right.apply(pair.right.machine.lost(pair.now));
        assertThat(pair.right.unused).as("seed %d", pair.seed).isEqualTo(GROUP);
        pair.right.permit(3 * GROUP);
        later(SECOND);
        assertThat(pair.right.unused).as("seed %d", pair.seed).isEqualTo(4L * GROUP);
        assertThat(pair.right.served).as("seed %d", pair.seed).isZero();
    }

    @RepeatedTest(30)
    void permits_whateverHappens_areSentOrComeBack() {
        begin();
        Random random = pair.random;
        pair.right.bytesPerSecond = random.nextBoolean() ? 0 : (long) GROUP * (1 + random.nextInt(1000));
        for (int i = 0; i < 60; i++) {
            long id = i;
            pair.at(random.nextInt(2 * SECOND), () -> fetch(id, random.nextInt(100), 101 + random.nextInt(99)));
            pair.at(random.nextInt(2 * SECOND), () -> cancel(id));
            pair.at(
                    random.nextInt(2 * SECOND),
                    () -> pair.left.apply(
                            pair.left.machine.tree(1000 + id, SWARM, 0, 64 * (1 + random.nextInt(100)), pair.now)));
            pair.at(random.nextInt(2 * SECOND), () -> pair.right.permit(1 + random.nextInt(1 << 17)));
        }
        for (int i = 0; i < 5; i++) {
            Stance next = ANY.get(random.nextInt(ANY.size()));
            pair.at(random.nextInt(2 * SECOND), () -> pair.right.apply(pair.right.machine.stance(next, pair.now)));
            pair.at(random.nextInt(2 * SECOND), () -> pair.right.failReads = !pair.right.failReads);
            pair.at(random.nextInt(2 * SECOND), () -> pair.right.hold(SWARM, GroupSet.all(random.nextInt(GROUPS))));
            pair.at(random.nextInt(2 * SECOND), () -> pair.right.apply(pair.right.machine.decline(2000, pair.now)));
        }
        pair.at(
                random.nextInt(2 * SECOND),
                () -> pair.right.apply(
                        random.nextBoolean() ? pair.right.machine.lost(pair.now) : pair.right.machine.leave(pair.now)));
        later(4L * SECOND);
        pair.right.permit(GROUP);
        assertThat(pair.right.closed).as("seed %d", pair.seed).isNotNull();
        assertThat(pair.right.served + pair.right.unused)
                .as("seed %d", pair.seed)
                .isEqualTo(pair.right.permitted);
    }
}
