package io.runnel.sim;

import io.runnel.engine.plan.Seat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Hands out candidate peers at random, and seats among those who serve: the lowest that is free. */
final class SimTracker {
    private static final int CANDIDATES = 24;

    private final Simulation sim;
    private final List<SimPeer> members = new ArrayList<>();
    private final Map<SimPeer, Integer> places = new HashMap<>();
    private final List<SimPeer> seated = new ArrayList<>();
    private final Map<SimPeer, Integer> seats = new HashMap<>();
    private final TreeSet<Integer> freeSeats = new TreeSet<>();
    private int seatCount;

    SimTracker(Simulation sim) {
        this.sim = sim;
    }

    void join(SimPeer peer) {
        places.put(peer, members.size());
        members.add(peer);
        if (peer.takesSeat()) {
            Integer free = freeSeats.pollFirst();
            seats.put(peer, free == null ? seatCount++ : free);
            seated.add(peer);
        }
    }

    void leave(SimPeer peer) {
        Integer place = places.remove(peer);
        if (place != null) {
            SimPeer last = members.remove(members.size() - 1);
            if (last != peer) {
                members.set(place, last);
                places.put(last, place);
            }
        }
        Integer seat = seats.remove(peer);
        if (seat != null) {
            freeSeats.add(seat);
            seated.remove(peer);
        }
    }

    /** What a member hears when it joins or asks again. */
    void answer(SimPeer peer) {
        Integer seat = seats.get(peer);
        peer.seated(new Seat(seat == null ? -1 : seat, seatCount));
    }

    /** Every other one has a seat: whoever brings ranges into the swarm is near to everybody. */
    List<SimPeer> candidates(SimPeer peer) {
        List<SimPeer> chosen = new ArrayList<>();
        for (int i = 0; i < 2 * CANDIDATES && chosen.size() < CANDIDATES && members.size() > 1; i++) {
            List<SimPeer> among = i % 2 == 0 && !seated.isEmpty() ? seated : members;
            SimPeer member = among.get(sim.random().nextInt(among.size()));
            if (peer.wouldMeet(member) && !chosen.contains(member)) {
                chosen.add(member);
            }
        }
        return chosen;
    }
}
