package io.runnel.sim;

import io.runnel.crypto.SwarmId;
import io.runnel.engine.plan.AskReason;
import io.runnel.engine.plan.PlanRules;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** One run of one scenario. Use once. */
public final class Simulation {
    private static final int WANTED_CONNECTIONS = 8;
    private static final int MOST_CONNECTIONS = 16;
    private static final int REGIONS = 6;
    private static final long ANNOUNCE_MILLIS = 5_000;
    private static final long SAMPLE_MILLIS = 5_000;
    private static final double[] UPLINK_SHARES = {0.5, 1, 1.5, 2, 3, 5.5};
    private static final List<Manner> HOSTILE = List.of(Manner.LIAR, Manner.MUTE, Manner.TRICKLE, Manner.JUNK);
    /** Ten times what a busy peer needs. */
    private static final long EVENTS_PER_PEER_SECOND = 5_000;

    private static final long QUEUED_PER_PEER = 2_000;
    /** Room for what comes before a payload in a message. */
    private static final int LONGEST_HEAD = 64;

    private static final double UPLINK_MEAN = 2.25;

    /** What a viewer without an uplink worth the name still has, for its requests: 1 Mbit/s. */
    private static final double LEAST_UPLINK_BYTES_PER_MILLI = 125;

    private final Scenario scenario;
    private final PlanRules rules;
    private final EventQueue events;
    private final SplittableRandom random;

    /** Of its own, so that the viewers are the same whatever else changes. */
    private final SplittableRandom traitsRandom;

    private final SimTracker tracker;
    private final Measured measured = new Measured();
    private final List<SimPeer> present = new ArrayList<>();
    private final List<SimPeer> all = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();
    private final SwarmId swarm = SwarmId.of(new byte[SwarmId.BYTES]);

    /** A message as it is received: its head ends where the payload, which is zeros, begins. */
    private final ByteBuffer scratch = ByteBuffer.allocate(1 << 18);

    private int traitsTurn;
    private long traceHash = 1469598103934665603L;

    /** A run that has not begun. */
    public Simulation(Scenario scenario) {
        this(scenario, PlanRules.defaults());
    }

    Simulation(Scenario scenario, PlanRules rules) {
        this.scenario = scenario;
        this.rules = rules;
        this.events = new EventQueue(EVENTS_PER_PEER_SECOND * Math.max(10, scenario.peers()));
        this.random = new SplittableRandom(scenario.seed());
        this.traitsRandom = new SplittableRandom(~scenario.seed());
        this.tracker = new SimTracker(this);
    }

    /** Runs it to its end. */
    public SimReport run() {
        arrivals();
        if (scenario.leavePerMinute() > 0) {
            departures();
        }
        events.after(SAMPLE_MILLIS, this::sample);
        events.runUntil(scenario.durationMillis());
        all.forEach(SimPeer::checkAtEnd);
        return SimReport.of(scenario, all, measured, samples, traceHash);
    }

    private void arrivals() {
        long spread = switch (scenario.kind()) {
            case FLASH_CROWD -> 2_000;
            case VOD -> scenario.durationMillis() * 6 / 10;
            case LIVE, HOSTILE, CHURN -> 10_000;
        };
        for (int i = 0; i < scenario.peers(); i++) {
            events.at(random.nextLong(spread), this::arrive);
        }
    }

    private void arrive() {
        SimPeer peer = new SimPeer(this, all.size(), traits());
        all.add(peer);
        present.add(peer);
        peer.start();
        if (scenario.withPeers()) {
            // A TLS connection to the tracker, admission, the answer.
            events.after(200 + random.nextInt(200), () -> admitted(peer));
        }
    }

    private SimPeer.Traits traits() {
        double stream = scenario.streamGroupsPerSecond() * Scenario.GROUP_BYTES / 1000;
        int turn = traitsTurn++;
        boolean uploads = turn % 3 != 0;
        double share = UPLINK_SHARES[turn / 3 % UPLINK_SHARES.length] * scenario.meanUplinkShare() * 1.5 / UPLINK_MEAN;
        double uplink = uploads ? Math.max(share * stream, LEAST_UPLINK_BYTES_PER_MILLI) : LEAST_UPLINK_BYTES_PER_MILLI;
        double downlink = stream * (5 + traitsRandom.nextDouble() * 7);
        boolean hostile = traitsRandom.nextDouble() < scenario.hostileShare() && scenario.withPeers();
        Manner manner = hostile ? HOSTILE.get(traitsRandom.nextInt(HOSTILE.size())) : Manner.HONEST;
        if (manner == Manner.TRICKLE) {
            uplink = 0.001;
        }
        return new SimPeer.Traits(manner, uplink, downlink, traitsRandom.nextInt(REGIONS), uploads || hostile);
    }

    private void departures() {
        double perMilli = scenario.leavePerMinute() * scenario.peers() / 60_000;
        long wait = Math.max(1, (long) (-Math.log(1 - random.nextDouble()) / perMilli));
        events.after(wait, () -> {
            if (!present.isEmpty()) {
                depart(present.get(random.nextInt(present.size())));
                arrive();
            }
            departures();
        });
    }

    private void depart(SimPeer peer) {
        present.remove(peer);
        tracker.leave(peer);
        peer.vanish();
    }

    // The tracker and connections.

    private void admitted(SimPeer peer) {
        if (!peer.gone()) {
            tracker.join(peer);
            announce(peer);
        }
    }

    private void announce(SimPeer peer) {
        if (peer.gone()) {
            return;
        }
        int missing = WANTED_CONNECTIONS - peer.connections();
        for (SimPeer candidate : tracker.candidates(peer)) {
            if (missing <= 0) {
                break;
            }
            missing--;
            // Descriptions through the tracker and back, then ICE and DTLS.
            events.after(300 + random.nextInt(500), () -> connect(peer, candidate));
        }
        long again = peer.connections() < WANTED_CONNECTIONS / 2 ? ANNOUNCE_MILLIS / 5 : ANNOUNCE_MILLIS;
        events.after(again + random.nextInt(1000), () -> announce(peer));
    }

    private void connect(SimPeer a, SimPeer b) {
        boolean room = a.connections() < MOST_CONNECTIONS && b.connections() < MOST_CONNECTIONS;
        if (!room || !a.wouldMeet(b) || !b.wouldMeet(a) || random.nextDouble() < scenario.natShare()) {
            return;
        }
        int delay = 8 + 12 * Math.abs(a.region() - b.region()) + random.nextInt(10);
        Wire there = new Wire(a, b, delay);
        Wire back = new Wire(b, a, delay);
        a.connected(b, there);
        b.connected(a, back);
    }

    /** One end has closed: the other hears of it. */
    void disconnected(SimPeer here, SimPeer there) {
        events.after(here.gone() ? 1_000 : 50, () -> there.lost(here));
    }

    // What peers ask of the run.

    Scenario scenario() {
        return scenario;
    }

    PlanRules rules() {
        return rules;
    }

    EventQueue events() {
        return events;
    }

    SplittableRandom random() {
        return random;
    }

    Measured measured() {
        return measured;
    }

    SwarmId swarm() {
        return swarm;
    }

    boolean lost() {
        return scenario.lossShare() > 0 && random.nextDouble() < scenario.lossShare();
    }

    /** The parts of a message in one buffer, good until the next call. Payloads are zeros, so only the head is written. */
    ByteBuffer oneBuffer(List<ByteBuffer> parts) {
        ByteBuffer head = parts.get(0);
        if (parts.size() == 1) {
            return head.duplicate();
        }
        int length = LONGEST_HEAD;
        for (ByteBuffer part : parts.subList(1, parts.size())) {
            length += part.remaining();
        }
        int first = LONGEST_HEAD - head.remaining();
        scratch.put(first, head, head.position(), head.remaining());
        return scratch.duplicate().position(first).limit(length);
    }

    void trace(int peer, long group, int what) {
        long hash = traceHash;
        hash = (hash ^ events.nowMillis()) * 1099511628211L;
        hash = (hash ^ peer) * 1099511628211L;
        hash = (hash ^ (group << 2 | what)) * 1099511628211L;
        traceHash = hash ^ hash >>> 29;
    }

    void check(boolean holds, String invariant) {
        if (!holds) {
            throw new IllegalStateException("invariant broken: " + invariant + ", scenario " + scenario);
        }
    }

    /** The state at one moment, for the plot. */
    record Sample(long millis, long peerGroups, long originGroups, int stalls, double startupMillisMedian) {}

    private void sample() {
        check(events.size() < QUEUED_PER_PEER * (scenario.peers() + 10), "event queue bounded");
        int stalls = all.stream().mapToInt(peer -> peer.player().stalls()).sum();
        samples.add(new Sample(
                events.nowMillis(),
                measured.peerGroups(),
                measured.originGroups(),
                stalls,
                median(all.stream()
                        .mapToLong(peer -> peer.player().startupMillis())
                        .filter(millis -> millis >= 0)
                        .toArray())));
        events.after(SAMPLE_MILLIS, this::sample);
    }

    static double median(long[] values) {
        if (values.length == 0) {
            return 0;
        }
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0;
    }

    static long originGroups(Measured measured, AskReason reason) {
        return measured.originReasons().getOrDefault(reason, 0L);
    }
}
