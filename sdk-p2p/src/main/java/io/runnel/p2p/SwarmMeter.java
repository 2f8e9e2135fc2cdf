package io.runnel.p2p;

import io.runnel.source.GroupSet;
import java.time.Duration;
import java.util.List;

/** Counts for the status. Written on the loop, read on any thread. */
final class SwarmMeter {
    private int open;
    private long tried;
    private long made;
    private long nanosToMake;
    private long shadowGroups;
    private long shadowHeld;

    synchronized void tried() {
        tried++;
    }

    /** @param nanos from the beginning of the try */
    synchronized void made(long nanos) {
        made++;
        open++;
        nanosToMake += nanos;
    }

    /** A connection that was made has ended. */
    synchronized void ended() {
        open--;
    }

    /** In the mode SHADOW groups came; this is what each peer held of the blob. */
    synchronized void gained(GroupSet groups, List<GroupSet> heldByPeers) {
        GroupSet elsewhere = groups;
        for (GroupSet held : heldByPeers) {
            elsewhere = elsewhere.minus(held);
        }
        shadowGroups += groups.count();
        shadowHeld += groups.count() - elsewhere.count();
    }

    synchronized SwarmStatus.Connections connections() {
        return new SwarmStatus.Connections(
                open, tried, made, made == 0 ? Duration.ZERO : Duration.ofNanos(nanosToMake / made));
    }

    synchronized SwarmStatus.Shadow shadow() {
        return new SwarmStatus.Shadow(shadowGroups, shadowHeld);
    }
}
