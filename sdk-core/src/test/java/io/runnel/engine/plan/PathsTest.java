package io.runnel.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A reader that takes all it gets, and two equal peers that answer in turn, each at its rate, over a path of some length. */
class PathsTest {
    private static final long TOTAL = 512;
    private static final long AWAITED = 1;
    private static final double PACE = 64;
    private static final long AHEAD = 2048;
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
    private final Map<Holder, Peer> peers = new HashMap<>();
    private GroupSet held = GroupSet.empty();
    private long position;
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
    private final class Peer {
        private final long halfTripNanos;
        private final ArrayDeque<Request> asked = new ArrayDeque<>();
        private long next;
        private long busyUntil;
        private long brought;

        Peer(long halfTripNanos) {
            this.halfTripNanos = halfTripNanos;
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
            while (!asked.isEmpty() && busyUntil - now < TAKEN_GROUPS * GROUP_NANOS) {
                Request request = asked.element();
                long first = Math.max(next, request.groups().first());
                GroupRange piece =
                        new GroupRange(first, Math.min(request.groups().end(), first + PIECE_GROUPS));
                next = piece.end();
                if (piece.end() == request.groups().end()) {
                    asked.remove();
                    next = 0;
                }
                busyUntil = Math.max(now, busyUntil) + piece.count() * GROUP_NANOS;
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
        while (position < TOTAL && held.containsAll(new GroupRange(position, Math.min(TOTAL, position + AWAITED)))) {
            position += AWAITED;
        }
        blob.held(held);
        blob.demands(Demand.inOrder(
                new GroupRange(position, Math.min(TOTAL, position + AWAITED)),
                Math.min(TOTAL, position + AHEAD),
                now,
                PACE));
        for (Step step : machine.plan(now)) {
            Peer peer = peers.get(step.request().holder());
            if (step.kind() == Step.Kind.ASK) {
                peer.ask(step.request());
            } else {
                peer.cancel(step.request());
            }
        }
    }

    private void planEverySoOften() {
        plan();
        after(PLAN_NANOS, this::planEverySoOften);
    }

    @ParameterizedTest
    @CsvSource({"5, 0.95", "20, 0.95", "80, 0.85", "200, 0.60"})
    void stream_twoEqualPeers_bothAreBusyAndNextToNothingComesTwice(long roundTripMillis, double share) {
        blob.provable(GroupSet.all(TOTAL));
        for (String name : List.of("peer:a", "peer:b")) {
            SourceInfo info = new SourceInfo(name, SourceInfo.Kind.PEER);
            peers.put(machine.join(blob, info, GroupSet.all(TOTAL)), new Peer(roundTripMillis * 500_000));
        }
        planEverySoOften();
        while (position < TOTAL) {
            Event event = events.remove();
            now = event.at();
            event.task().run();
        }
        List<Long> brought = new ArrayList<>();
        peers.values().forEach(peer -> brought.add(peer.brought));
        String what = "brought " + brought + ", wasted " + wasted + ", in " + now / 1_000_000 + " ms";
        assertThat(wasted).as(what).isLessThan(TOTAL / 16);
        assertThat(brought).as(what).allMatch(groups -> groups > TOTAL * 2 / 5);
        assertThat(TOTAL / GROUPS_PER_SECOND / 2).as(what).isGreaterThan(share * now / 1e9);
    }
}
