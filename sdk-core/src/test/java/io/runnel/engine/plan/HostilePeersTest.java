package io.runnel.engine.plan;

import static io.runnel.engine.plan.Client.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.Seat;
import io.runnel.source.SourceInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A swarm of hostile peers alone costs a tenth of the time at most: a whole fetch in virtual time, over seeds. */
class HostilePeersTest {
    private static final int GROUPS = 3_000;
    private static final int SEEDS = 2;
    private static final int PEERS = 12;
    private static final double ORIGIN_GROUPS_PER_SECOND = 300;
    /** Faster than the origin. */
    private static final double READER_GROUPS_PER_SECOND = 400;

    private static final long ORIGIN_LATENCY_MILLIS = 80;
    private static final long LIMIT_MILLIS = 120_000;
    private static final List<Manner> MANNERS = List.of(Manner.values());

    private enum Manner {
        LIAR,
        MUTE,
        /** A group in 900 ms: never silent for long enough to be noticed by that alone. */
        TRICKLE,
        /** Refuses what it said it holds. */
        REFUSER,
        /** Has one group more four times a second, far from the beginning, and gives it at once: fast, and of little use. */
        PITTANCE
    }

    /** All kinds, and each alone. */
    static Stream<List<Manner>> swarms() {
        return Stream.concat(Stream.of(MANNERS), MANNERS.stream().map(List::of));
    }

    @ParameterizedTest
    @MethodSource("swarms")
    void read_allPeersHostile_takesATenthLongerAtMost(List<Manner> manners) {
        long alone = new Fetch(0, List.of(), Demand.Priority.READER).millis();
        for (long seed = 0; seed < SEEDS; seed++) {
            long beset = new Fetch(seed, manners, Demand.Priority.READER).millis();
            assertThat(beset).as("seed %d, origin alone %d ms", seed, alone).isLessThanOrEqualTo(alone * 11 / 10);
        }
    }

    /** What is not urgent waits for peers first. */
    @ParameterizedTest
    @MethodSource("swarms")
    void download_allPeersHostile_takesATenthLongerAtMostAndTheTimePeersGet(List<Manner> manners) {
        assertDownloads(manners, null);
    }

    /** As of a viewer that has not agreed to upload, where others have. */
    @ParameterizedTest
    @MethodSource("swarms")
    void download_allPeersHostileAndSeatsTaken_takesATenthLongerAtMostAndTheTimePeersGet(List<Manner> manners) {
        assertDownloads(manners, new Seat(-1, 20));
    }

    private static void assertDownloads(List<Manner> manners, @Nullable Seat seat) {
        long alone = new Fetch(0, List.of(), Demand.Priority.DOWNLOAD).millis();
        long wait = PlanRules.defaults().peerWaitNanos() / MILLI;
        for (long seed = 0; seed < SEEDS; seed++) {
            Fetch fetch = new Fetch(seed, manners, Demand.Priority.DOWNLOAD);
            fetch.blob.seat(seat);
            assertThat(fetch.millis())
                    .as("seed %d, origin alone %d ms", seed, alone)
                    .isLessThanOrEqualTo(alone * 11 / 10 + wait);
        }
    }

    private record Event(long atNanos, long order, Runnable action) {}

    /** One fetch of a whole blob, with an origin whose groups come one behind the other. */
    private static final class Fetch {
        private final SplittableRandom random;
        private final Client client = new Client();
        private final BlobPlan blob;
        private final Demand.Priority priority;
        private final Holder origin;
        private final List<Manner> manners = new ArrayList<>();
        private final List<Holder> peers = new ArrayList<>();
        private final Set<Holder> trickling = new HashSet<>();
        private final PriorityQueue<Event> events =
                new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
        private GroupSet held = GroupSet.empty();
        private long order;
        private long originFreeNanos;

        /** @param kinds of peers; none for the origin alone */
        Fetch(long seed, List<Manner> kinds, Demand.Priority priority) {
            this.random = new SplittableRandom(seed);
            this.priority = priority;
            this.blob = client.machine.open(seed, !kinds.isEmpty(), 0);
            blob.provable(GroupSet.all(GROUPS));
            this.origin =
                    client.machine.join(blob, new SourceInfo("origin:o", SourceInfo.Kind.ORIGIN), GroupSet.all(GROUPS));
            for (int i = 0; i < (kinds.isEmpty() ? 0 : PEERS); i++) {
                Manner manner = kinds.get(random.nextInt(kinds.size()));
                String name = "peer:" + i;
                after(random.nextLong(3_000), () -> join(new SourceInfo(name, SourceInfo.Kind.PEER), manner));
            }
        }

        private void join(SourceInfo info, Manner manner) {
            boolean poor = manner == Manner.PITTANCE;
            Holder peer = client.machine.join(blob, info, poor ? GroupSet.empty() : GroupSet.all(GROUPS));
            manners.add(manner);
            peers.add(peer);
            if (poor) {
                gain(peer);
            }
        }

        private void gain(Holder peer) {
            long group = GROUPS - 1;
            while (group > 0 && (held.contains(group) || peer.available().contains(group))) {
                group--;
            }
            peer.available(peer.available().plus(new GroupRange(group, group + 1)));
            after(250, () -> gain(peer));
        }

        private void after(long millis, Runnable action) {
            events.add(new Event(client.now + millis * MILLI, order++, action));
        }

        long millis() {
            tick();
            while (held.count() < GROUPS) {
                Event event = events.remove();
                client.now = event.atNanos();
                if (client.now > LIMIT_MILLIS * MILLI) {
                    throw new AssertionError("no end in sight: " + held.count() + " of " + GROUPS + " groups");
                }
                event.action().run();
                plan();
            }
            return client.now / MILLI;
        }

        private void tick() {
            after(100, this::tick);
        }

        private void plan() {
            blob.held(held);
            GroupRange missing = new GroupRange(Math.max(0, held.nextAbsent(0)), GROUPS);
            blob.demands(List.of(
                    priority == Demand.Priority.READER
                            // A reader that takes whatever comes is always at its edge.
                            ? new Demand(missing, priority, client.now, READER_GROUPS_PER_SECOND)
                            : Demand.undated(missing, priority)));
            for (Step step : client.plan()) {
                if (step.kind() == Step.Kind.ASK) {
                    ask(step.request());
                }
            }
        }

        private void ask(Request request) {
            if (request.holder() == origin) {
                after(ORIGIN_LATENCY_MILLIS, () -> fromOrigin(request));
                return;
            }
            switch (manners.get(peers.indexOf(request.holder()))) {
                case LIAR -> after(20 + random.nextLong(200), () -> lie(request));
                case REFUSER -> after(20 + random.nextLong(200), () -> refuse(request));
                case TRICKLE -> {
                    if (trickling.add(request.holder())) {
                        after(900, () -> trickle(request.holder()));
                    }
                }
                case PITTANCE -> after(10, () -> give(request));
                case MUTE -> {}
            }
        }

        private void fromOrigin(Request request) {
            if (request.over()) {
                return;
            }
            long end = Math.min(request.groups().end(), request.next() + 8);
            originFreeNanos = Math.max(originFreeNanos, client.now)
                    + (long) ((end - request.next()) * 1e9 / ORIGIN_GROUPS_PER_SECOND);
            events.add(new Event(originFreeNanos, order++, () -> {
                if (!request.over()) {
                    keep(request, end);
                    fromOrigin(request);
                }
            }));
        }

        private void trickle(Holder peer) {
            if (peer.requests().isEmpty()) {
                trickling.remove(peer);
            } else {
                Request first = peer.requests().get(0);
                keep(first, first.next() + 1);
                after(900, () -> trickle(peer));
            }
        }

        private void keep(Request request, long end) {
            GroupRange arrived = new GroupRange(request.next(), end);
            blob.delivered(request, end, client.now);
            blob.settled(request, arrived, true);
            held = held.plus(arrived);
        }

        private void lie(Request request) {
            if (!request.over()) {
                GroupRange arrived =
                        new GroupRange(request.next(), Math.min(request.groups().end(), request.next() + 8));
                blob.delivered(request, arrived.end(), client.now);
                blob.settled(request, arrived, false);
                request.holder().lied();
                request.holder().requests().forEach(blob::ended);
            }
        }

        private void give(Request request) {
            if (!request.over()) {
                keep(request, request.groups().end());
            }
        }

        private void refuse(Request request) {
            if (!request.over()) {
                blob.ended(request);
                request.holder().party().failed(0, client.now);
            }
        }
    }
}
