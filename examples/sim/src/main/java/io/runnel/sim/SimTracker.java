package io.runnel.sim;

import io.runnel.source.Seat;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Hands out candidate peers and seats as the dev server's tracker does. */
final class SimTracker {
    private static final int CANDIDATES = 24;
    private static final int SEATS_TOLD_SHARE = 8;
    private static final long TELL_MILLIS = 1_000;

    private final Simulation sim;
    private final Places members = new Places();

    /** Those who offer to take a seat; it is a place here, so that none is ever empty. */
    private final Places seated = new Places();

    private int seatsTold;

    SimTracker(Simulation sim) {
        this.sim = sim;
        sim.events().after(TELL_MILLIS, this::tellChange);
    }

    void join(SimPeer peer) {
        members.add(peer);
        if (peer.takesSeat()) {
            seated.add(peer);
        }
        tellSeat(peer);
    }

    void leave(SimPeer peer) {
        members.remove(peer);
        SimPeer moved = seated.remove(peer);
        if (moved != null) {
            tellSeat(moved);
        }
    }

    private void tellSeat(SimPeer peer) {
        peer.seated(new Seat(seated.of(peer), seated.size()));
    }

    /** Everybody hears of it where there are clearly more or fewer seats. */
    private void tellChange() {
        sim.events().after(TELL_MILLIS, this::tellChange);
        if (Math.abs(seated.size() - seatsTold) * SEATS_TOLD_SHARE > seatsTold) {
            seatsTold = seated.size();
            members.all().forEach(this::tellSeat);
        }
    }

    /** Every other one has a seat: whoever brings ranges into the swarm is near to everybody. */
    List<SimPeer> candidates(SimPeer peer) {
        Set<SimPeer> chosen = new LinkedHashSet<>();
        for (int i = 0; i < 2 * CANDIDATES && chosen.size() < CANDIDATES && members.size() > 1; i++) {
            Places among = i % 2 == 0 && seated.size() > 0 ? seated : members;
            SimPeer member = among.get(sim.random().nextInt(among.size()));
            if (peer.wouldMeet(member)) {
                chosen.add(member);
            }
        }
        return new ArrayList<>(chosen);
    }
}
