package io.runnel.sim;

import io.runnel.crypto.SwarmId;
import io.runnel.engine.plan.PlanRules;
import io.runnel.p2p.WebRtcSwarm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/** One run of one scenario. Use once. */
public final class Simulation {
    private static final int WANTED_CONNECTIONS = WebRtcSwarm.DEFAULT_MAX_PEERS;
    private static final int MOST_CONNECTIONS = 2 * WANTED_CONNECTIONS;

    /** How long it takes to find out that a peer cannot be reached. */
    private static final long CONNECT_MILLIS = 15_000;

    private static final int REGIONS = 6;
    private static final long ANNOUNCE_MILLIS = 5_000;
    private static final long SAMPLE_MILLIS = 5_000;

    /** Of those who upload, one after the other: in an order in which the first few have the mean, too, about. */
    private static final double[] UPLINK_SHARES = {2, 1, 3, 0.5, 5.5, 1.5};

    private static final List<Manner> HOSTILE = Arrays.stream(Manner.values())
            .filter(manner -> manner != Manner.HONEST)
            .toList();

    /** Ten times what a busy peer needs. */
    private static final long EVENTS_PER_PEER_SECOND = 5_000;

    private static final long QUEUED_PER_PEER = 2_000;
    private static final double UPLINK_MEAN = 2.25;

    /** What a viewer without an uplink worth the name still has, for its requests: 1 Mbit/s. */
    private static final double LEAST_UPLINK_BYTES_PER_MILLI = 125;

    private final Scenario scenario;
    private final PlanRules rules;
    private final Shards shards;

    /** What concerns several viewers. */
    private final EventQueue events;

    private final SplittableRandom random;

    /** Who comes and goes, when, and what they are like: of its own, so that it is the same with the origin alone. */
    private final SplittableRandom viewersRandom;

    private final SimTracker tracker;
    private final List<SimPeer> present = new ArrayList<>();
    private final List<SimPeer> all = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();
    private final SwarmId swarm = SwarmId.of(new byte[SwarmId.BYTES]);

    private int traitsTurn;

    /** A run that has not begun. */
    public Simulation(Scenario scenario) {
        this(scenario, PlanRules.defaults());
    }

    Simulation(Scenario scenario, PlanRules rules) {
        this.scenario = scenario;
        this.rules = rules;
        long mostEvents = EVENTS_PER_PEER_SECOND * Math.max(10, scenario.peers());
        this.shards = new Shards(mostEvents);
        this.events = new EventQueue(mostEvents);
        this.random = new SplittableRandom(scenario.seed());
        this.viewersRandom = new SplittableRandom(~scenario.seed());
        this.tracker = new SimTracker(this);
    }

    /** Runs it to its end. */
    public SimReport run() {
        return run(millis -> {});
    }

    /**
     * Runs it to its end.
     *
     * @param progress hears again and again, on this thread, how many milliseconds of it are over
     */
    public SimReport run(LongConsumer progress) {
        arrivals();
        if (scenario.leavePerMinute() > 0) {
            departures();
        }
        events.after(SAMPLE_MILLIS, this::sample);
        shards.runUntil(scenario.durationMillis(), events, scenario.peers(), progress);
        all.forEach(SimPeer::checkAtEnd);
        return SimReport.of(scenario, all, measured(), samples);
    }

    private void arrivals() {
        long spread = switch (scenario.kind()) {
            case FLASH_CROWD -> 2_000;
            case VOD -> scenario.durationMillis() * 6 / 10;
            case LIVE, HOSTILE, CHURN -> 10_000;
        };
        for (int i = 0; i < scenario.peers(); i++) {
            events.at(viewersRandom.nextLong(spread), this::arrive);
        }
    }

    private void arrive() {
        SimPeer peer = new SimPeer(this, shards.of(all.size()), all.size(), traits());
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
        double uplink = LEAST_UPLINK_BYTES_PER_MILLI;
        if (uploads) {
            int uploader = turn - turn / 3 - 1;
            double share =
                    UPLINK_SHARES[uploader % UPLINK_SHARES.length] * scenario.meanUplinkShare() * 1.5 / UPLINK_MEAN;
            uplink = Math.max(share * stream, LEAST_UPLINK_BYTES_PER_MILLI);
        }
        double downlink = stream * (5 + viewersRandom.nextDouble() * 7);
        boolean hostile = viewersRandom.nextDouble() < scenario.hostileShare();
        Manner manner = hostile ? HOSTILE.get(viewersRandom.nextInt(HOSTILE.size())) : Manner.HONEST;
        if (manner == Manner.TRICKLE) {
            uplink = 0.001;
        }
        return new SimPeer.Traits(manner, uplink, downlink, viewersRandom.nextInt(REGIONS), uploads || hostile);
    }

    private void departures() {
        double perMilli = scenario.leavePerMinute() * scenario.peers() / 60_000;
        long wait = Math.max(1, (long) (-Math.log(1 - viewersRandom.nextDouble()) / perMilli));
        events.after(wait, () -> {
            if (!present.isEmpty()) {
                depart(present.get(viewersRandom.nextInt(present.size())));
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
        Iterator<SimPeer> candidates = tracker.candidates(peer).iterator();
        for (int missing = WANTED_CONNECTIONS - peer.connections(); missing > 0; missing--) {
            tryNext(peer, candidates);
        }
        long again = peer.connections() < WANTED_CONNECTIONS / 2 ? ANNOUNCE_MILLIS / 5 : ANNOUNCE_MILLIS;
        events.after(again + random.nextInt(1000), () -> announce(peer));
    }

    /** Connects to a candidate, or to one after it where that one has no room, or cannot be reached. */
    private void tryNext(SimPeer peer, Iterator<SimPeer> candidates) {
        if (!candidates.hasNext()) {
            return;
        }
        SimPeer candidate = candidates.next();
        // Descriptions through the tracker and back, then ICE and DTLS.
        events.after(300 + random.nextInt(500), () -> {
            if (peer.gone() || peer.connections() >= WANTED_CONNECTIONS) {
                return;
            }
            if (!peer.wouldMeet(candidate)
                    || !candidate.wouldMeet(peer)
                    || candidate.connections() >= MOST_CONNECTIONS) {
                tryNext(peer, candidates);
            } else if (random.nextDouble() < scenario.natShare()) {
                events.after(CONNECT_MILLIS, () -> tryNext(peer, candidates));
            } else {
                connect(peer, candidate);
            }
        });
    }

    private void connect(SimPeer a, SimPeer b) {
        int delay = 8 + 12 * Math.abs(a.region() - b.region()) + random.nextInt(10);
        SimLink there = a.meet(b);
        SimLink back = b.meet(a);
        there.open(new Wire(there, back, delay));
        back.open(new Wire(back, there, delay));
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

    SwarmId swarm() {
        return swarm;
    }

    void check(boolean holds, String invariant) {
        if (!holds) {
            throw new IllegalStateException("invariant broken: " + invariant + ", scenario " + scenario);
        }
    }

    /** The state at one moment, for the plot. */
    record Sample(long millis, long peerGroups, long originGroups, int stalls, double startupMillisMedian) {}

    private void sample() {
        check(shards.size() + events.size() < QUEUED_PER_PEER * (scenario.peers() + 10), "event queue bounded");
        List<Player> players =
                all.stream().filter(SimPeer::plays).map(SimPeer::player).toList();
        Measured measured = measured();
        samples.add(new Sample(
                events.nowMillis(),
                measured.peerGroups(),
                measured.originGroups(),
                players.stream().mapToInt(Player::stalls).sum(),
                median(players.stream()
                        .mapToLong(Player::startupMillis)
                        .filter(millis -> millis >= 0)
                        .toArray())));
        events.after(SAMPLE_MILLIS, this::sample);
    }

    private Measured measured() {
        Measured sum = new Measured();
        all.forEach(peer -> sum.add(peer.measured()));
        return sum;
    }

    static double median(long[] values) {
        if (values.length == 0) {
            return 0;
        }
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0;
    }
}
