package io.runnel.p2p.signalling;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.keys.SwarmTicket;
import io.runnel.p2p.signalling.Peer.Phase;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What connected peers get to know of each other: the swarms in common, and the credentials that admit to them. */
final class Introductions {
    private final KnownPeers peers;
    private final Admissions admissions;
    private final Map<SwarmId, Entry> entries;
    private final List<SignallingEffect> out;

    Introductions(KnownPeers peers, Admissions admissions, Map<SwarmId, Entry> entries, List<SignallingEffect> out) {
        this.peers = peers;
        this.admissions = admissions;
        this.entries = entries;
        this.out = out;
    }

    /** The tracker says that a peer is in a swarm. */
    void told(VerifyingKey key, SwarmId swarm, long now) {
        Peer peer = peers.meet(key);
        if (peer == null) {
            return;
        }
        peer.goneFrom.remove(swarm);
        if (peer.swarms.add(swarm) && peer.phase == Phase.CONNECTED) {
            show(peer, swarm);
            meet(peer, swarm, now);
        }
    }

    /** A connected peer opened a swarm: as good as the tracker's word, from one who is admitted to it. */
    void opened(VerifyingKey key, SwarmId swarm, long now) {
        Peer peer = peers.get(key);
        if (peer != null && admissions.mayKnow(peer, swarm, now)) {
            peer.swarms.add(swarm);
            meet(peer, swarm, now);
        }
    }

    /** The peer has just been connected; it has seen the credential for the swarm it was signalled in. */
    void connected(Peer peer, long now) {
        for (SwarmId swarm : peer.swarms) {
            if (!Objects.equals(swarm, peer.via)) {
                show(peer, swarm);
            }
            meet(peer, swarm, now);
        }
    }

    /** A connected peer shows a credential: it may be a renewal, or admit it to more. */
    void shown(VerifyingKey key, ByteBuffer encoded, long now) {
        Peer peer = peers.get(key);
        if (peer == null || peer.shown.isKnown(encoded)) {
            return;
        }
        if (!peer.shown.mayShow(now)) {
            out.add(new SignallingEffect.Misbehaved(key, "more credentials than anyone has"));
            return;
        }
        for (SwarmId swarm : admissions.shown(peer, encoded, now)) {
            if (peer.swarms.contains(swarm)) {
                meet(peer, swarm, now);
            }
        }
    }

    /** This side has a fresh ticket: connected peers of the swarm get to see the credential. */
    void renewed(SwarmTicket ticket) {
        for (Peer peer : peers.all()) {
            if (peer.phase == Phase.CONNECTED && peer.swarms.contains(ticket.swarm())) {
                out.add(new SignallingEffect.Show(peer.key, ticket.credential()));
            }
        }
    }

    private void meet(Peer peer, SwarmId swarm, long now) {
        if (peer.phase == Phase.CONNECTED && admissions.mayKnow(peer, swarm, now)) {
            out.add(new SignallingEffect.Meet(peer.key, swarm));
        }
    }

    private void show(Peer peer, SwarmId swarm) {
        Entry entry = entries.get(swarm);
        if (entry != null) {
            out.add(new SignallingEffect.Show(peer.key, entry.ticket.credential()));
        }
    }
}
