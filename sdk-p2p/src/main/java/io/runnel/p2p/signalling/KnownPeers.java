package io.runnel.p2p.signalling;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The peers heard of, connected or not, and those never to be heard of again. Every peer
 * kept is in a swarm, or has a connection that outlives its last swarm a little.
 */
final class KnownPeers {
    private static final int MAX_KNOWN = 1024;
    private static final int MAX_BANNED = 4096;

    private final VerifyingKey self;
    private final int maxPeers;
    private final Map<VerifyingKey, Peer> peers = new LinkedHashMap<>();
    private final Set<VerifyingKey> banned = new HashSet<>();

    /** Of peers heard of lately. */
    private final Map<VerifyingKey, Past> pasts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<VerifyingKey, Past> eldest) {
            return size() > 2 * MAX_KNOWN;
        }
    };

    /** @param maxPeers connections sought in a swarm */
    KnownPeers(VerifyingKey self, int maxPeers) {
        this.self = self;
        this.maxPeers = maxPeers;
    }

    /** The peer, new where it is unheard of; null where it is banned, this side itself, or one too many. */
    @Nullable Peer meet(VerifyingKey key) {
        if (key.equals(self) || banned.contains(key)) {
            return null;
        }
        Peer peer = peers.get(key);
        if (peer == null && peers.size() < MAX_KNOWN) {
            peer = new Peer(key, pasts.computeIfAbsent(key, each -> new Past()));
            peers.put(key, peer);
        }
        return peer;
    }

    @Nullable Peer get(VerifyingKey key) {
        return peers.get(key);
    }

    List<Peer> all() {
        return List.copyOf(peers.values());
    }

    boolean isEmpty() {
        return peers.isEmpty();
    }

    /** Never again; the peer as it was, or null where it was not known. */
    @Nullable Peer ban(VerifyingKey key) {
        if (banned.size() < MAX_BANNED) {
            banned.add(key);
        }
        return peers.remove(key);
    }

    /** Forgets a peer that is in no swarm and not connected. */
    void forgetIfAlone(Peer peer) {
        if (peer.swarms.isEmpty() && !peer.busy()) {
            peers.remove(peer.key);
        }
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

    /** Whether one connection more may outlive its last swarm. */
    boolean roomForIdle() {
        return peers.values().stream().filter(Peer::idle).count() < maxPeers;
    }

    /** Those of these swarms in which one connection more is sought: one walk over all peers for all of them. */
    Set<SwarmId> seeking(Set<SwarmId> swarms) {
        Map<SwarmId, Integer> counts = new HashMap<>();
        for (Peer peer : peers.values()) {
            if (peer.busy()) {
                peer.swarms.forEach(swarm -> counts.merge(swarm, 1, Integer::sum));
            }
        }
        Set<SwarmId> seeking = new HashSet<>(swarms);
        seeking.removeIf(swarm -> counts.getOrDefault(swarm, 0) >= maxPeers);
        return seeking;
    }

    /** Whether one connection more is sought in a swarm. */
    boolean seeks(SwarmId swarm) {
        return count(swarm) < maxPeers;
    }

    /** Whether one more is accepted: else all would be full of each other, and newcomers find nobody. */
    boolean accepts(SwarmId swarm) {
        return count(swarm) < 2 * maxPeers;
    }
}
