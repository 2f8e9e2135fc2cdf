package io.runnel.p2p.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SwarmId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceException.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Two honest machines with every input in any order: neither takes the other for a bad peer, and in the end they agree. */
class HonestPeersTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int ROUNDS = 200;
    private static final int INPUTS = 150;
    private static final int GROUPS = 300;
    private static final byte[] BLOB = new byte[GROUPS * ExchangeProtocol.GROUP_BYTES - 77];
    private static final List<Stance> STANCES = List.of(Stance.values());
    private static final List<SwarmId> SWARMS = List.of(swarm(0), swarm(1), swarm(2));

    private static SwarmId swarm(int value) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) value;
        return SwarmId.of(bytes);
    }

    private static GroupSet anySet(Random random) {
        GroupSet set = GroupSet.empty();
        for (int i = random.nextInt(4); i > 0; i--) {
            int first = random.nextInt(GROUPS);
            set = set.plus(new GroupRange(first, Math.min(GROUPS, first + 1 + random.nextInt(80))));
        }
        return set;
    }

    private static Stance anyStance(Random random) {
        return STANCES.get(random.nextInt(STANCES.size()));
    }

    /** One end, and what its user did with it. */
    private static final class Side {
        private final Pair pair;
        private final Pair.End end;
        private final Random random;
        private final Set<SwarmId> open = new HashSet<>();
        private long lastId;
        private int asked;
        private boolean drained;

        Side(Pair pair, Pair.End end) {
            this.pair = pair;
            this.end = end;
            this.random = pair.random;
        }

        void anyInput(boolean mayDrain) {
            if (end.closed != null) {
                return;
            }
            SwarmId swarm = SWARMS.get(random.nextInt(SWARMS.size()));
            int which = random.nextInt(100);
            if (which < 45) {
                hold(which, swarm);
            } else if (which < 80) {
                ask(which, swarm);
            } else {
                serve(which, mayDrain);
            }
        }

        private void hold(int which, SwarmId swarm) {
            if (!open.contains(swarm)) {
                open(swarm);
            } else if (which < 12) {
                close(swarm);
            } else if (which < 20) {
                close(swarm);
                open(swarm);
            } else {
                GroupSet more = anySet(random);
                end.hold(swarm, which < 25 ? more : more.union(end.heldBySwarm.get(swarm)));
            }
        }

        private void open(SwarmId swarm) {
            open.add(swarm);
            end.add(swarm, BLOB, anySet(random));
        }

        private void close(SwarmId swarm) {
            open.remove(swarm);
            end.apply(end.machine.closeBlob(swarm, pair.now));
        }

        private void ask(int which, SwarmId swarm) {
            GroupSet there = end.sources.getOrDefault(swarm, GroupSet.empty());
            if (which < 60 && !there.isEmpty()) {
                fetch(swarm, there.runs().get(random.nextInt(there.runCount())));
            } else if (which < 65) {
                int first = random.nextInt(GROUPS);
                fetch(swarm, new GroupRange(first, first + 1 + random.nextInt(GROUPS - first)));
            } else if (which < 73) {
                end.apply(end.machine.cancel(1 + random.nextLong(lastId + 1), pair.now));
            } else {
                asked++;
                int nodes = 1 + random.nextInt(100);
                end.apply(end.machine.tree(++lastId, swarm, 64L * random.nextInt(100), 64 * nodes, pair.now));
            }
        }

        void fetch(SwarmId swarm, GroupRange groups) {
            asked++;
            end.apply(end.machine.fetch(++lastId, swarm, groups, pair.now));
        }

        private void serve(int which, boolean mayDrain) {
            if (which < 86) {
                end.apply(end.machine.stance(anyStance(random), pair.now));
            } else if (which < 95 && end.wish() > 0) {
                end.permit(1 + random.nextLong(end.wish()));
            } else if (which < 97) {
                end.apply(end.machine.decline(random.nextInt(3_000), pair.now));
            } else if (which < 99) {
                end.failReads = !end.failReads;
            } else if (mayDrain) {
                drained = true;
                end.apply(end.machine.drain(pair.now));
            }
        }

        /** The store works from now on, and all is given that is wanted. */
        void beGenerous() {
            end.failReads = false;
            end.apply(end.machine.stance(Stance.SERVE, pair.now));
        }

        void grant() {
            while (end.closed == null && end.wish() > 0) {
                end.permit(end.wish());
            }
        }

        boolean atRest() {
            return end.closed != null || (ended() == asked && end.wish() == 0);
        }

        int ended() {
            return end.completed.size() + end.failed.size() + end.trees.size() + end.treesFailed.size();
        }
    }

    private static void settle(Pair pair, List<Side> sides) {
        for (int i = 0; i < 50 || (i < 5_000 && !sides.stream().allMatch(Side::atRest)); i++) {
            sides.forEach(Side::grant);
            pair.run(pair.now + 10 * MILLI);
        }
    }

    @Test
    void anything_betweenHonestPeers_isNoOffenceAndEndsInAgreement() {
        long seed = new Random().nextLong();
        for (int round = 0; round < ROUNDS; round++) {
            try {
                play(seed + round);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + (seed + round), e);
            }
        }
    }

    private static void play(long seed) {
        Random random = new Random(seed);
        Pair pair = new Pair(
                seed,
                ExchangeMachine.governed(anyStance(random), true),
                ExchangeMachine.governed(anyStance(random), true));
        List<Side> sides = List.of(new Side(pair, pair.left), new Side(pair, pair.right));
        boolean slow = random.nextInt(3) == 0;
        boolean mayDrain = random.nextInt(5) == 0;
        int millis = 50 + random.nextInt(3_000);
        sides.forEach(side -> side.end.bytesPerSecond = slow ? 300_000 + random.nextInt(2_000_000) : 0);
        pair.open();
        for (int i = 0; i < INPUTS; i++) {
            Side side = sides.get(random.nextInt(2));
            pair.at(random.nextLong(millis * MILLI), () -> side.anyInput(mayDrain));
        }
        pair.run(millis * MILLI);
        sides.forEach(Side::beGenerous);
        settle(pair, sides);
        assertHonestAndEnded(sides);
        if (sides.stream().noneMatch(side -> side.drained)) {
            assertAgreement(sides.get(0), sides.get(1));
            assertAgreement(sides.get(1), sides.get(0));
            List<Integer> failed =
                    sides.stream().map(side -> side.end.failed.size()).toList();
            settle(pair, sides);
            assertHonestAndEnded(sides);
            assertThat(sides).extracting(side -> side.end.failed.size()).isEqualTo(failed);
        }
    }

    private static void assertHonestAndEnded(List<Side> sides) {
        boolean drained = sides.stream().anyMatch(side -> side.drained);
        for (Side side : sides) {
            assertThat(side.end.misbehaviour).isEmpty();
            assertThat(side.end.closed != null).as("closed").isEqualTo(drained);
            assertThat(side.ended()).isEqualTo(side.asked);
            assertThat(side.end.failed).doesNotContainValue(Reason.TIMED_OUT);
            assertThat(side.atRest()).isTrue();
        }
    }

    /** This side knows of all that the other holds and it lacks, and of nothing that is not held; it asks for all of it. */
    private static void assertAgreement(Side side, Side other) {
        for (SwarmId swarm : SWARMS) {
            if (!side.open.contains(swarm) || !other.open.contains(swarm)) {
                assertThat(side.end.sources).doesNotContainKey(swarm);
                continue;
            }
            GroupSet held = other.end.heldBySwarm.get(swarm);
            assertThat(side.end.sources).containsKey(swarm);
            GroupSet known = side.end.sources.get(swarm);
            assertThat(held.containsAll(known)).isTrue();
            assertThat(known.union(side.end.heldBySwarm.get(swarm)).containsAll(held))
                    .isTrue();
            known.runs().forEach(run -> side.fetch(swarm, run));
        }
    }
}
