package io.runnel.p2p.signalling;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.CredentialException;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.keys.SwarmTicket;
import io.runnel.p2p.signalling.Peer.Phase;
import io.runnel.p2p.signalling.PeerSignal.Kind;
import io.runnel.p2p.signalling.message.ClientMessage;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The other peers: whom to connect to, how far each connection has come, and what each may know. The peer with the lower
 * key offers; the other invites it to. One connection serves all swarms in common.
 */
final class Peers {
    /** Peers kept in mind, connected or not. */
    private static final int MAX_KNOWN = 1024;

    private static final int MAX_BANNED = 4096;
    private static final long FRESH_MILLIS = 120_000;

    /** How long a connection outlives the peer's last credential, for a renewal under way. */
    private static final long GRACE_MILLIS = 30_000;

    private static final long CHECK_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long BUSY_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int NONCE_BYTES = 16;

    /** What does not change. */
    record Setting(
            SigningIdentity identity, int maxPeers, long connectNanos, RandomGenerator random, ServerClock clock) {}

    private final Setting setting;
    private final VerifyingKey self;
    private final Map<SwarmId, Entry> entries;
    private final Tracker tracker;
    private final List<SignallingEffect> out;
    private final Map<VerifyingKey, Peer> peers = new LinkedHashMap<>();
    private final Set<VerifyingKey> banned = new HashSet<>();
    private long checkAtNanos = Long.MAX_VALUE;

    Peers(Setting setting, Map<SwarmId, Entry> entries, Tracker tracker, List<SignallingEffect> out) {
        this.setting = setting;
        this.self = setting.identity().publicKey();
        this.entries = entries;
        this.tracker = tracker;
        this.out = out;
    }

    /** The tracker says that a peer is in a swarm. */
    void told(VerifyingKey key, SwarmId swarm, Moment now) {
        Peer peer = known(key);
        if (peer != null && peer.swarms.add(swarm) && peer.phase == Phase.CONNECTED) {
            show(peer, swarm);
            meet(peer, swarm, now);
        }
    }

    /** A connected peer opened a swarm: as good as the tracker's word, from one who is admitted to it. */
    void opened(VerifyingKey key, SwarmId swarm, Moment now) {
        Peer peer = peers.get(key);
        if (peer != null && mayKnow(peer, swarm, now)) {
            peer.swarms.add(swarm);
            meet(peer, swarm, now);
        }
    }

    private @Nullable Peer known(VerifyingKey key) {
        if (key.equals(self) || banned.contains(key)) {
            return null;
        }
        Peer peer = peers.get(key);
        if (peer == null && peers.size() < MAX_KNOWN) {
            peer = new Peer(key);
            peers.put(key, peer);
        }
        return peer;
    }

    private boolean lower(Peer peer) {
        return self.compareTo(peer.key) < 0;
    }

    /** Connections made or being made in a swarm. */
    int count(SwarmId swarm) {
        int count = 0;
        for (Peer peer : peers.values()) {
            if (peer.busy() && peer.swarms.contains(swarm)) {
                count++;
            }
        }
        return count;
    }

    private boolean room(SwarmId swarm) {
        return count(swarm) < setting.maxPeers();
    }

    private boolean mayKnow(Peer peer, SwarmId swarm, Moment now) {
        Entry entry = entries.get(swarm);
        if (entry == null) {
            return false;
        }
        Long until = peer.admitted.get(entry.authority());
        return until != null && setting.clock().millis(now) < until + GRACE_MILLIS;
    }

    private void meet(Peer peer, SwarmId swarm, Moment now) {
        if (peer.phase == Phase.CONNECTED && mayKnow(peer, swarm, now)) {
            out.add(new SignallingEffect.Meet(peer.key, swarm));
        }
    }

    private void show(Peer peer, SwarmId swarm) {
        Entry entry = entries.get(swarm);
        if (entry != null) {
            out.add(new SignallingEffect.Show(peer.key, entry.ticket.credential()));
        }
    }

    /** This side has a fresh ticket: connected peers of the swarm get to see the credential. */
    void renewed(SwarmTicket ticket) {
        for (Peer peer : peers.values()) {
            if (peer.phase == Phase.CONNECTED && peer.swarms.contains(ticket.swarm())) {
                out.add(new SignallingEffect.Show(peer.key, ticket.credential()));
            }
        }
    }

    void left(SwarmId swarm) {
        for (Peer peer : peers.values()) {
            peer.swarms.remove(swarm);
            if (peer.busy() && peer.swarms.isEmpty()) {
                drop(peer);
            }
        }
        peers.values().removeIf(peer -> peer.swarms.isEmpty());
    }

    /** The tracker says that a peer has left; a connection that lives is proof of the contrary. */
    void gone(VerifyingKey key, SwarmId swarm) {
        Peer peer = peers.get(key);
        if (peer != null && !peer.busy()) {
            peer.swarms.remove(swarm);
            if (peer.swarms.isEmpty()) {
                peers.remove(key);
            }
        }
    }

    void ban(VerifyingKey key) {
        if (banned.size() < MAX_BANNED) {
            banned.add(key);
        }
        Peer peer = peers.remove(key);
        if (peer != null && peer.busy()) {
            drop(peer);
        }
    }

    private void drop(Peer peer) {
        SessionId session = peer.session;
        if (session != null) {
            out.add(new SignallingEffect.Drop(peer.key, session));
        }
        peer.enter(Phase.KNOWN, null, Long.MAX_VALUE);
    }

    private void fail(Peer peer, long now) {
        drop(peer);
        peer.failures++;
        peer.retryAtNanos = now + Backoff.nanos(peer.failures, setting.random());
    }

    // Links.

    void described(VerifyingKey key, SessionId session, String sdp, Moment now) {
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

    void opened(VerifyingKey key, SessionId session) {
        Peer peer = peers.get(key);
        if (peer == null || !peer.in(Phase.CONNECTING, session)) {
            out.add(new SignallingEffect.Drop(key, session));
            return;
        }
        peer.enter(Phase.CONNECTED, session, Long.MAX_VALUE);
        peer.failures = 0;
        SwarmId via = peer.via;
        for (SwarmId swarm : peer.swarms) {
            if (!Objects.equals(swarm, via)) {
                show(peer, swarm);
            }
            out.add(new SignallingEffect.Meet(peer.key, swarm));
        }
    }

    void ended(VerifyingKey key, SessionId session, boolean reconnect, long now) {
        Peer peer = peers.get(key);
        if (peer != null && session.equals(peer.session)) {
            boolean wasConnected = peer.phase == Phase.CONNECTED;
            peer.enter(Phase.KNOWN, null, Long.MAX_VALUE);
            peer.failures = wasConnected ? 1 : peer.failures + 1;
            peer.retryAtNanos = reconnect && wasConnected ? now : now + Backoff.nanos(peer.failures, setting.random());
        }
    }

    // Signals.

    void signalled(VerifyingKey from, Entry entry, PeerSignal signal, Moment now) {
        Peer peer = known(from);
        if (peer == null) {
            return;
        }
        SwarmId swarm = entry.ticket.swarm();
        peer.swarms.add(swarm);
        PeerSignal.Description description = signal.description();
        switch (signal.kind()) {
            case INVITE -> invited(peer, swarm, now.nanos());
            case BUSY -> refused(peer, now.nanos());
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
        if (lower(peer) && !peer.busy()) {
            peer.via = swarm;
            if (room(swarm)) {
                offer(peer, swarm, now);
            } else {
                send(peer, PeerSignal.bare(Kind.BUSY));
            }
        }
    }

    private void refused(Peer peer, long now) {
        if (peer.phase == Phase.INVITED || peer.phase == Phase.OFFERING) {
            drop(peer);
            peer.retryAtNanos = now + BUSY_NANOS + setting.random().nextLong(BUSY_NANOS);
        }
    }

    private void offered(Peer peer, Entry entry, PeerSignal.Description description, Moment now) {
        PeerCredential credential = check(peer, entry, description, now);
        if (credential == null || !peer.firstTime(description.session())) {
            return;
        }
        SwarmId swarm = entry.ticket.swarm();
        peer.via = swarm;
        if (!peer.busy() && !room(swarm)) {
            send(peer, PeerSignal.bare(Kind.BUSY));
            return;
        }
        if (peer.session != null) {
            // The peer starts anew: it has lost what this side still believes in.
            drop(peer);
        }
        peer.enter(Phase.CONNECTING, description.session(), now.nanos() + setting.connectNanos());
        out.add(new SignallingEffect.Answer(
                peer.key, description.session(), description.sdp(), credential.mayUpload()));
    }

    private void answered(Peer peer, Entry entry, PeerSignal.Description description, Moment now) {
        PeerCredential credential = check(peer, entry, description, now);
        if (credential != null) {
            peer.phase = Phase.CONNECTING;
            out.add(new SignallingEffect.Accept(
                    peer.key, description.session(), description.sdp(), credential.mayUpload()));
        }
    }

    /** The peer's credential, if everything about the description is right; remembers the admission. */
    private @Nullable PeerCredential check(Peer peer, Entry entry, PeerSignal.Description description, Moment now) {
        long serverMillis = setting.clock().millis(now);
        boolean good = description.to().equals(self)
                && Math.abs(description.timeMillis() - serverMillis) <= FRESH_MILLIS
                && Sdp.acceptable(description.sdp());
        PeerCredential credential = good ? admit(peer, entry, description.credential(), serverMillis) : null;
        boolean signed = credential != null && PeerSignal.signedBy(peer.key, entry.ticket.swarm(), description);
        if (credential == null || !signed) {
            return null;
        }
        peer.admitted.put(entry.authority(), credential.notAfterMillis());
        return credential;
    }

    private static @Nullable PeerCredential admit(Peer peer, Entry entry, ByteBuffer encoded, long serverMillis) {
        try {
            PeerCredential credential =
                    PeerCredential.verify(PeerSignal.bytes(encoded), entry.ticket.issuer(), serverMillis);
            boolean fits =
                    credential.peerKey().equals(peer.key) && credential.scope().equals(entry.own.scope());
            return fits ? credential : null;
        } catch (CredentialException e) {
            return null;
        }
    }

    /** A connected peer shows a credential: it may be a renewal, or admit it to more. */
    void shown(VerifyingKey key, ByteBuffer encoded, Moment now) {
        Peer peer = peers.get(key);
        if (peer == null) {
            return;
        }
        long serverMillis = setting.clock().millis(now);
        for (Entry entry : entries.values()) {
            PeerCredential credential = admit(peer, entry, encoded, serverMillis);
            if (credential != null) {
                peer.admitted.merge(entry.authority(), credential.notAfterMillis(), Math::max);
                if (peer.swarms.contains(entry.ticket.swarm())) {
                    meet(peer, entry.ticket.swarm(), now);
                }
            }
        }
    }

    // Time.

    void wake(Moment now) {
        long nanos = now.nanos();
        for (Peer peer : List.copyOf(peers.values())) {
            if (nanos >= peer.phaseEndsNanos) {
                fail(peer, nanos);
            } else if (!peer.busy() && nanos >= peer.retryAtNanos) {
                connect(peer, nanos);
            }
        }
        if (nanos >= checkAtNanos || checkAtNanos == Long.MAX_VALUE) {
            checkAtNanos = nanos + CHECK_NANOS;
            for (Peer peer : List.copyOf(peers.values())) {
                if (peer.phase == Phase.CONNECTED && lapsed(peer, now)) {
                    drop(peer);
                    peer.retryAtNanos = nanos + BUSY_NANOS;
                }
            }
        }
    }

    private boolean lapsed(Peer peer, Moment now) {
        return peer.swarms.stream().noneMatch(swarm -> mayKnow(peer, swarm, now));
    }

    private void connect(Peer peer, long now) {
        if (!tracker.up()) {
            return;
        }
        for (SwarmId swarm : peer.swarms) {
            if (entries.containsKey(swarm) && room(swarm)) {
                peer.via = swarm;
                if (lower(peer)) {
                    offer(peer, swarm, now);
                } else {
                    peer.enter(Phase.INVITED, null, now + setting.connectNanos());
                    send(peer, PeerSignal.bare(Kind.INVITE));
                }
                return;
            }
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
        for (Peer peer : peers.values()) {
            at = Math.min(at, peer.phaseEndsNanos);
            if (!peer.busy() && tracker.up() && peer.swarms.stream().anyMatch(this::room)) {
                at = Math.min(at, peer.retryAtNanos);
            }
        }
        return at;
    }
}
