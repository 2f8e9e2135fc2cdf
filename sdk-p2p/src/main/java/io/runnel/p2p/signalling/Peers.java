package io.runnel.p2p.signalling;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.p2p.signalling.Peer.Phase;
import io.runnel.p2p.signalling.PeerSignal.Kind;
import io.runnel.p2p.signalling.message.ClientMessage;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The connections to other peers: whom to connect to, and how far each has come. The peer with the lower key offers; the
 * other invites it to. One connection serves all swarms in common.
 */
final class Peers {
    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long WEIGH_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long BUSY_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A connection that lived for so long is no failure when it ends; one that opens and ends at once is. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int NONCE_BYTES = 16;

    /** What does not change. */
    record Setting(
            SigningIdentity identity, int maxPeers, long connectNanos, RandomGenerator random, ServerClock clock) {}

    private final Setting setting;
    private final VerifyingKey self;
    private final Map<SwarmId, Entry> entries;
    private final Tracker tracker;
    private final List<SignallingEffect> out;
    private final KnownPeers peers;
    private final Admissions admissions;
    private final Introductions introductions;
    private final Places places;
    private long checkAtNanos = Long.MAX_VALUE;
    private long weighAtNanos;

    Peers(Setting setting, Map<SwarmId, Entry> entries, Tracker tracker, List<SignallingEffect> out) {
        this.setting = setting;
        this.self = setting.identity().publicKey();
        this.entries = entries;
        this.tracker = tracker;
        this.out = out;
        this.peers = new KnownPeers(self, setting.maxPeers());
        this.admissions = new Admissions(self, entries, setting.clock());
        this.introductions = new Introductions(peers, admissions, entries, out);
        this.places = new Places(peers, out);
    }

    Introductions introductions() {
        return introductions;
    }

    private boolean lower(Peer peer) {
        return self.compareTo(peer.key) < 0;
    }

    /** Whether to hear of more peers of a swarm would help. */
    boolean wantsMore(SwarmId swarm) {
        return peers.seeks(swarm) || places.starving();
    }

    /** This side left a swarm. Connections made are kept for a moment: a next blob is often had from the same peers. */
    void left(SwarmId swarm, long now) {
        for (Peer peer : peers.all()) {
            boolean keep = peer.phase == Phase.CONNECTED && peers.roomForIdle();
            peer.idleUntilNanos = now + IDLE_NANOS;
            peer.swarms.remove(swarm);
            peer.goneFrom.remove(swarm);
            if (peer.idle() && !keep) {
                peer.drop(out);
            }
            peers.forgetIfAlone(peer);
        }
    }

    /**
     * The tracker says that a peer has left; a connection that lives is proof of the contrary. An answer will not come: who
     * has lost its channel to the tracker and has another now never got what this side said.
     */
    void gone(VerifyingKey key, SwarmId swarm) {
        Peer peer = peers.get(key);
        if (peer != null && peer.awaitsAnswer() && Objects.equals(swarm, peer.via)) {
            peer.drop(out);
        }
        if (peer != null && peer.busy()) {
            peer.saidGone(swarm);
        } else if (peer != null) {
            peer.swarms.remove(swarm);
            peers.forgetIfAlone(peer);
        }
    }

    /** What was said through the channel may not have arrived, least of all where the channel was dead for a while. */
    void trackerClosed() {
        for (Peer peer : peers.all()) {
            if (peer.awaitsAnswer()) {
                peer.drop(out);
            }
        }
    }

    /** Who is not connected may have left meanwhile, or not be back yet: the channel says who is there. */
    void trackerOpened() {
        for (Peer peer : peers.all()) {
            if (!peer.busy()) {
                peer.swarms.clear();
                peers.forgetIfAlone(peer);
            }
        }
    }

    void ban(VerifyingKey key) {
        Peer peer = peers.ban(key);
        if (peer != null && peer.busy()) {
            peer.drop(out);
        }
    }

    private void fail(Peer peer, long now) {
        peer.drop(out);
        peer.failures++;
        peer.retryAtNanos = now + Backoff.nanos(peer.failures, setting.random());
    }

    // Links.

    void described(VerifyingKey key, SessionId session, String sdp, long now) {
        Peer peer = peers.get(key);
        SwarmId swarm = peer == null ? null : peer.via;
        Entry entry = swarm == null ? null : entries.get(swarm);
        if (peer == null || swarm == null || entry == null || !session.equals(peer.session)) {
            return;
        }
        Kind kind = peer.phase == Phase.OFFERING ? Kind.OFFER : Kind.ANSWER;
        byte[] nonce = new byte[NONCE_BYTES];
        setting.random().nextBytes(nonce);
        PeerSignal.Addressed content =
                new PeerSignal.Addressed(key, session, setting.clock().millis(now), ByteBuffer.wrap(nonce), sdp);
        send(peer, PeerSignal.describe(kind, swarm, entry.ticket.credential(), content, setting.identity()));
    }

    private void send(Peer peer, ByteBuffer payload) {
        SwarmId swarm = peer.via;
        if (swarm != null) {
            tracker.say(new ClientMessage.Signal(swarm, peer.key, payload));
        }
    }

    void opened(VerifyingKey key, SessionId session, long now) {
        Peer peer = peers.get(key);
        if (peer == null || !peer.in(Phase.CONNECTING, session)) {
            out.add(new SignallingEffect.Drop(key, session));
            return;
        }
        peer.enter(Phase.CONNECTED, session, Long.MAX_VALUE);
        peer.connectedNanos = now;
        peer.worth = new Worth(now);
        introductions.connected(peer, now);
    }

    void ended(VerifyingKey key, SessionId session, boolean reconnect, long now) {
        Peer peer = peers.get(key);
        if (peer != null && session.equals(peer.session)) {
            boolean wasConnected = peer.phase == Phase.CONNECTED;
            peer.swarms.removeAll(peer.goneFrom);
            peer.goneFrom.clear();
            peer.enter(Phase.KNOWN, null, Long.MAX_VALUE);
            peer.failures++;
            boolean atOnce = reconnect && wasConnected && peer.failures == 1;
            peer.retryAtNanos = atOnce ? now : now + Backoff.nanos(peer.failures, setting.random());
            peers.forgetIfAlone(peer);
        }
    }

    void lost(VerifyingKey key, SessionId session, long now) {
        Peer peer = peers.get(key);
        if (peer != null && peer.in(Phase.CONNECTED, session)) {
            tracker.doubt();
        }
        ended(key, session, true, now);
    }

    // Signals.

    void signalled(VerifyingKey from, Entry entry, PeerSignal signal, long now) {
        SwarmId swarm = entry.ticket.swarm();
        introductions.told(from, swarm, now);
        Peer peer = peers.get(from);
        if (peer == null) {
            return;
        }
        PeerSignal.Description description = signal.description();
        switch (signal.kind()) {
            case INVITE -> invited(peer, swarm, now);
            case BUSY -> refused(peer, now);
            case OFFER -> {
                if (description != null && !lower(peer)) {
                    offered(peer, entry, description, now);
                }
            }
            case ANSWER -> {
                if (description != null && peer.in(Phase.OFFERING, description.session())) {
                    answered(peer, entry, description, now);
                }
            }
        }
    }

    private void invited(Peer peer, SwarmId swarm, long now) {
        if (lower(peer) && !peer.busy() && peer.past.attempts.may(now)) {
            peer.past.attempts.begin(now);
            peer.via = swarm;
            if (peers.accepts(swarm) || places.makeRoom(peer, swarm, now)) {
                offer(peer, swarm, now);
            } else {
                send(peer, PeerSignal.bare(Kind.BUSY));
            }
        }
    }

    private void refused(Peer peer, long now) {
        if (peer.awaitsAnswer()) {
            peer.drop(out);
            peer.retryAtNanos = now + BUSY_NANOS + setting.random().nextLong(BUSY_NANOS);
        }
    }

    private void offered(Peer peer, Entry entry, PeerSignal.Description description, long now) {
        PeerCredential credential =
                peer.past.attempts.may(now) ? admissions.check(peer, entry, description, now) : null;
        if (credential == null || !peer.firstTime(description.session())) {
            return;
        }
        peer.past.attempts.begin(now);
        SwarmId swarm = entry.ticket.swarm();
        peer.via = swarm;
        if (!peer.busy() && !peers.accepts(swarm) && !places.makeRoom(peer, swarm, now)) {
            send(peer, PeerSignal.bare(Kind.BUSY));
            return;
        }
        if (peer.session != null) {
            // The peer starts anew: it has lost what this side still believes in.
            peer.drop(out);
        }
        peer.enter(Phase.CONNECTING, description.session(), now + setting.connectNanos());
        out.add(new SignallingEffect.Answer(
                peer.key, description.session(), description.sdp(), credential.mayUpload()));
    }

    private void answered(Peer peer, Entry entry, PeerSignal.Description description, long now) {
        PeerCredential credential = admissions.check(peer, entry, description, now);
        if (credential != null) {
            peer.phase = Phase.CONNECTING;
            out.add(new SignallingEffect.Accept(
                    peer.key, description.session(), description.sdp(), credential.mayUpload()));
        }
    }

    // Places.

    /**
     * Connections were weighed. Where peers bring little, though there are as many as are sought, one is exchanged: all
     * others may be of those who only hold places.
     */
    void weighed(long gainedBytes, Map<VerifyingKey, Traffic> traffic, long now) {
        places.weigh(gainedBytes, traffic, now);
        if (places.starving() && tracker.up()) {
            exchangeOne(now);
        }
    }

    private void exchangeOne(long now) {
        for (Peer peer : peers.all()) {
            boolean may = !peer.busy() && now >= peer.retryAtNanos && peer.past.attempts.may(now);
            for (SwarmId swarm : may ? peer.swarms : Set.<SwarmId>of()) {
                if (!peers.seeks(swarm) && places.makeRoom(peer, swarm, now)) {
                    begin(peer, swarm, now);
                    return;
                }
            }
        }
    }

    // Time.

    void wake(long now) {
        for (Peer peer : peers.all()) {
            if (now >= peer.phaseEndsNanos) {
                fail(peer, now);
            } else if (peer.idle() && now >= peer.idleUntilNanos) {
                peer.drop(out);
                peers.forgetIfAlone(peer);
            }
        }
        connect(now);
        if (now >= checkAtNanos || checkAtNanos == Long.MAX_VALUE) {
            checkAtNanos = now + CHECK_NANOS;
            if (!peers.isEmpty() && now >= weighAtNanos) {
                weighAtNanos = now + WEIGH_NANOS;
                out.add(new SignallingEffect.Weigh());
            }
            for (Peer peer : peers.all()) {
                if (peer.phase == Phase.CONNECTED && now - peer.connectedNanos >= STEADY_NANOS) {
                    peer.failures = 0;
                }
                if (peer.phase == Phase.CONNECTED && admissions.lapsed(peer, now)) {
                    peer.drop(out);
                    peer.retryAtNanos = now + BUSY_NANOS;
                    peers.forgetIfAlone(peer);
                }
            }
        }
    }

    /** Connects to peers as far as connections are sought. Most peers of a large swarm are none of those, at each input. */
    private void connect(long now) {
        Set<SwarmId> seeking = seeking();
        for (Peer peer : seeking.isEmpty() ? List.<Peer>of() : peers.all()) {
            if (!peer.busy() && now >= peer.retryAtNanos) {
                connect(peer, seeking, now);
            }
        }
    }

    private Set<SwarmId> seeking() {
        return tracker.up() ? peers.seeking(entries.keySet()) : Set.of();
    }

    private void connect(Peer peer, Set<SwarmId> seeking, long now) {
        if (!peer.past.attempts.may(now)) {
            peer.retryAtNanos = peer.past.attempts.nextNanos(now);
            return;
        }
        for (SwarmId swarm : peer.swarms) {
            if (seeking.contains(swarm)) {
                begin(peer, swarm, now);
                seeking.removeIf(each -> peer.swarms.contains(each) && !peers.seeks(each));
                return;
            }
        }
    }

    private void begin(Peer peer, SwarmId swarm, long now) {
        peer.via = swarm;
        if (lower(peer)) {
            peer.past.attempts.begin(now);
            offer(peer, swarm, now);
        } else {
            peer.enter(Phase.INVITED, null, now + setting.connectNanos());
            send(peer, PeerSignal.bare(Kind.INVITE));
        }
    }

    private void offer(Peer peer, SwarmId swarm, long now) {
        SessionId session =
                new SessionId(setting.random().nextLong(), setting.random().nextLong());
        peer.via = swarm;
        peer.enter(Phase.OFFERING, session, now + setting.connectNanos());
        out.add(new SignallingEffect.Offer(peer.key, session));
    }

    long wakeNanos() {
        long at = peers.isEmpty() ? Long.MAX_VALUE : checkAtNanos;
        Set<SwarmId> seeking = seeking();
        for (Peer peer : peers.all()) {
            at = Math.min(at, peer.phaseEndsNanos);
            if (peer.idle()) {
                at = Math.min(at, peer.idleUntilNanos);
            }
            if (!peer.busy() && !Collections.disjoint(peer.swarms, seeking)) {
                at = Math.min(at, peer.retryAtNanos);
            }
        }
        return at;
    }
}
