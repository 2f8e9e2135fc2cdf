package io.runnel.sim;

import io.runnel.engine.plan.Request;

/** The origin as one viewer sees it: a round trip, then pieces one after the other. It never fails here. */
final class OriginPipe {
    private static final int PIECE_GROUPS = 8;
    private static final int LEAST_ROUND_TRIP_MILLIS = 40;
    private static final int ROUND_TRIP_SPREAD_MILLIS = 80;

    private final SimPeer peer;
    private final double bytesPerMilli;
    private final int roundTripMillis;
    private double freeMillis;

    OriginPipe(SimPeer peer, double bytesPerMilli) {
        this.peer = peer;
        this.bytesPerMilli = bytesPerMilli;
        this.roundTripMillis = LEAST_ROUND_TRIP_MILLIS + peer.random().nextInt(ROUND_TRIP_SPREAD_MILLIS);
    }

    void ask(Request request) {
        EventQueue events = peer.events();
        freeMillis = Math.max(freeMillis, (double) events.nowMillis() + roundTripMillis);
        long end = request.groups().end();
        for (long first = request.groups().first(); first < end; first += PIECE_GROUPS) {
            long from = first;
            int bytes = (int) Math.min(PIECE_GROUPS, end - first) * Scenario.GROUP_BYTES;
            freeMillis += bytes / bytesPerMilli;
            events.at((long) Math.ceil(freeMillis), () -> {
                if (!request.over()) {
                    peer.delivered(request, from, bytes, false);
                }
            });
        }
    }
}
