package io.runnel.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceInfo;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reader that takes all it gets, and sources that answer in turn, each at its rate, over a path of some length. */
class PathsTest {
    private static final long TOTAL = 512;
    private static final double PACE = 64;
    private static final double GROUPS_PER_SECOND = 76;
    private static final long PLAN_NANOS = 100_000_000;
    private static final long PIECE_GROUPS = 5;

    /** What a transport takes at this rate, before any of it is sent. */
    private static final long TAKEN_GROUPS = 26;

    /** A group in this time, ten megabits a second. */
    private static final long GROUP_NANOS = (long) (1e9 / GROUPS_PER_SECOND);

    private final FetchMachine machine = new FetchMachine(PlanRules.defaults(), 1, 1024);
    private final BlobPlan blob = machine.open(99, true, 0);
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<Holder, Server> servers = new HashMap<>();
    private GroupSet held = GroupSet.empty();
    private long awaited = 1;
    private boolean ahead = true;
    private long position;
    private long waitsSince;
    private long cancelled;
    private long now;
    private long order;
    private long wasted;

    private record Event(long at, long order, Runnable task) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return Comparator.comparingLong(Event::at)
                    .thenComparingLong(Event::order)
                    .compare(this, other);
        }
    }

    private void after(long nanos, Runnable task) {
        events.add(new Event(now + nanos, order++, task));
    }

    /** Sends what it is asked for, first asked first; what its transport has taken is sent though it is taken back. */
    private final class Server {
        private final long halfTripNanos;
        private final long groupNanos;
        private final ArrayDeque<Request> asked = new ArrayDeque<>();
        private long next;
        private long busyUntil;
        private long brought;

        Server(long roundTripMillis, long groupNanos) {
            this.halfTripNanos = roundTripMillis * 500_000;
            this.groupNanos = groupNanos;
        }

        void ask(Request request) {
            after(halfTripNanos, () -> {
                asked.add(request);
                send();
            });
        }

        void cancel(Request request) {
            after(halfTripNanos, () -> {
                next = request.equals(asked.peek()) ? 0 : next;
                asked.remove(request);
            });
        }

        private void send() {
            while (!asked.isEmpty() && busyUntil - now < TAKEN_GROUPS * groupNanos) {
                Request request = asked.element();
                long first = Math.max(next, request.groups().first());
                GroupRange piece =
                        new GroupRange(first, Math.min(request.groups().end(), first + PIECE_GROUPS));
                next = piece.end();
                if (piece.end() == request.groups().end()) {
                    asked.remove();
                    next = 0;
                }
                busyUntil = Math.max(now, busyUntil) + piece.count() * groupNanos;
                after(busyUntil + halfTripNanos - now, () -> arrived(request, piece));
                after(busyUntil - now, this::send);
            }
        }

        private void arrived(Request request, GroupRange piece) {
            if (request.over()) {
                wasted += piece.count();
                return;
            }
            blob.delivered(request, piece.end(), now);
            blob.settled(request, piece, true);
            wasted += piece.count() - GroupSet.of(piece).minus(held).count();
            brought += piece.count();
            held = held.plus(piece);
            plan();
        }
    }

    private void plan() {
        while (position < TOTAL && held.containsAll(new GroupRange(position, position + awaited))) {
            position += awaited;
            waitsSince = now;
        }
        blob.held(held);
        GroupRange next = new GroupRange(position, Math.min(TOTAL, position + awaited));
        blob.demands(Demand.inOrder(next, waitsSince, ahead ? TOTAL : next.end(), now, PACE));
        for (Step step : machine.plan(now)) {
            Server server = servers.get(step.request().holder());
            if (step.kind() == Step.Kind.ASK) {
                server.ask(step.request());
            } else {
                server.cancel(step.request());
                cancelled++;
            }
        }
    }

    private void planEverySoOften() {
        plan();
        after(PLAN_NANOS, this::planEverySoOften);
    }

    private void join(String id, SourceInfo.Kind kind, Server server) {
        servers.put(machine.join(blob, new SourceInfo(id, kind), GroupSet.all(TOTAL)), server);
    }

    /** Until all is read. */
    private String run() {
        blob.provable(GroupSet.all(TOTAL));
        planEverySoOften();
        while (position < TOTAL) {
            Event event = events.remove();
            now = event.at();
            event.task().run();
        }
        List<Long> brought =
                servers.values().stream().map(server -> server.brought).toList();
        return "brought " + brought + ", wasted " + wasted + ", cancelled " + cancelled + ", in " + now / 1_000_000
                + " ms";
    }

    @ParameterizedTest
    @CsvSource({"5, 0.95", "20, 0.95", "80, 0.85", "200, 0.60"})
    void stream_twoEqualPeers_bothAreBusyAndNextToNothingComesTwice(long roundTripMillis, double share) {
        join("peer:a", SourceInfo.Kind.PEER, new Server(roundTripMillis, GROUP_NANOS));
        join("peer:b", SourceInfo.Kind.PEER, new Server(roundTripMillis, GROUP_NANOS));
        String what = run();
        assertThat(wasted).as(what).isLessThan(TOTAL / 16);
        assertThat(servers.values()).as(what).allMatch(server -> server.brought > TOTAL * 2 / 5);
        assertThat(TOTAL / GROUPS_PER_SECOND / 2).as(what).isGreaterThan(share * now / 1e9);
    }

    /** As a player's segments are read that says nothing of its buffer: nothing is there until all is, and it is late from the start. */
    @ParameterizedTest
    @CsvSource({"5, 0.8", "40, 0.7", "100, 0.55"})
    void read_rangeAfterRangeFromPeersAndAFasterOrigin_nothingComesTwiceOrIsTakenBack(
            long roundTripMillis, double share) {
        awaited = TOTAL / 4;
        ahead = false;
        join("peer:a", SourceInfo.Kind.PEER, new Server(roundTripMillis, GROUP_NANOS));
        join("peer:b", SourceInfo.Kind.PEER, new Server(roundTripMillis, GROUP_NANOS));
        join("origin:o", SourceInfo.Kind.ORIGIN, new Server(roundTripMillis, GROUP_NANOS / 2));
        String what = run();
        assertThat(wasted).as(what).isLessThan(TOTAL / 50);
        assertThat(cancelled).as(what).isLessThan(10);
        assertThat(TOTAL / GROUPS_PER_SECOND / 4).as(what).isGreaterThan(share * now / 1e9);
    }
}
