package io.runnel.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Peers in places without gaps: the last moves into one that is left. */
final class Places {
    private final List<SimPeer> peers = new ArrayList<>();
    private final Map<SimPeer, Integer> places = new HashMap<>();

    void add(SimPeer peer) {
        places.put(peer, peers.size());
        peers.add(peer);
    }

    /** Takes a peer out; returns who moved into its place, null where nobody had to. */
    @Nullable SimPeer remove(SimPeer peer) {
        Integer place = places.remove(peer);
        if (place == null) {
            return null;
        }
        SimPeer last = peers.remove(peers.size() - 1);
        if (last == peer) {
            return null;
        }
        peers.set(place, last);
        places.put(last, place);
        return last;
    }

    SimPeer get(int place) {
        return peers.get(place);
    }

    /** The peer's place, or -1. */
    int of(SimPeer peer) {
        return places.getOrDefault(peer, -1);
    }

    int size() {
        return peers.size();
    }

    List<SimPeer> all() {
        return List.copyOf(peers);
    }
}
