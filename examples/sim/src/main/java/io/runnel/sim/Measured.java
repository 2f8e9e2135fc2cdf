package io.runnel.sim;

import io.runnel.fetch.OriginUse;
import java.util.EnumMap;
import java.util.Map;

/** What is counted of one viewer, or of all, as a simulation runs. Groups are whole groups of 16 KiB. */
final class Measured {
    private final Map<OriginUse, Long> originGroups = new EnumMap<>(OriginUse.class);
    private long peerGroups;
    private long allOriginGroups;
    private long arrivedGroups;
    private long wastedGroups;
    private long lies;

    void delivered(long groups, boolean fromPeer, OriginUse use) {
        if (fromPeer) {
            peerGroups += groups;
        } else {
            allOriginGroups += groups;
            originGroups.merge(use, groups, Long::sum);
        }
    }

    /** Groups arrived from a peer, wanted or not. */
    void arrived(long groups) {
        arrivedGroups += groups;
    }

    /** Groups from the origin that were there already. */
    void wasted(long groups) {
        wastedGroups += groups;
    }

    void lie() {
        lies++;
    }

    /** Adds what another has counted. */
    void add(Measured other) {
        other.originGroups.forEach((use, groups) -> originGroups.merge(use, groups, Long::sum));
        peerGroups += other.peerGroups;
        allOriginGroups += other.allOriginGroups;
        arrivedGroups += other.arrivedGroups;
        wastedGroups += other.wastedGroups;
        lies += other.lies;
    }

    long peerGroups() {
        return peerGroups;
    }

    long originGroups() {
        return allOriginGroups;
    }

    Map<OriginUse, Long> originReasons() {
        return new EnumMap<>(originGroups);
    }

    double wastedShare() {
        long all = peerGroups + allOriginGroups;
        return all == 0 ? 0 : (double) (arrivedGroups - peerGroups + wastedGroups) / all;
    }

    long lies() {
        return lies;
    }
}
