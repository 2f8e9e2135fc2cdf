package io.runnel.sim;

import io.runnel.fetch.OriginUse;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run showed.
 *
 * @param offload groups from peers over all groups that were delivered and right, 0 to 1
 * @param originCopies bytes from the origin over the length of the stream
 * @param stalls how often a player that had begun had to wait
 * @param stallMillis for how long, all together
 * @param startupMillisMedian from joining to playing
 * @param wasted groups that came for nothing over those that were delivered and right
 * @param lies pieces that were not the blob's and were refused
 * @param originReasons groups from the origin, by why it was asked, as {@link OriginUse} names it
 * @param viewers how many came in all
 * @param traceHash of who got which group when, from whom: 16 hexadecimal digits
 * @param samples the course of it
 */
public record SimReport(
        Scenario scenario,
        double offload,
        double originCopies,
        int stalls,
        long stallMillis,
        double startupMillisMedian,
        double wasted,
        long lies,
        Map<String, Long> originReasons,
        int viewers,
        String traceHash,
        List<SimSample> samples) {
    /**
     * The state at one moment; counts are since the beginning.
     *
     * @param offload of the time since the last sample
     */
    public record SimSample(long millis, double offload, double originCopies, int stalls, double startupMillisMedian) {}

    static SimReport of(Scenario scenario, List<SimPeer> all, Measured measured, List<Simulation.Sample> samples) {
        List<Player> players =
                all.stream().filter(SimPeer::plays).map(SimPeer::player).toList();
        long delivered = measured.peerGroups() + measured.originGroups();
        Map<String, Long> reasons = new TreeMap<>();
        measured.originReasons().forEach((use, groups) -> reasons.put(use.name(), groups));
        return new SimReport(
                scenario,
                delivered == 0 ? 0 : (double) measured.peerGroups() / delivered,
                (double) measured.originGroups() / scenario.streamGroups(),
                players.stream().mapToInt(Player::stalls).sum(),
                players.stream().mapToLong(Player::stallMillis).sum(),
                Simulation.median(players.stream()
                        .mapToLong(Player::startupMillis)
                        .filter(millis -> millis >= 0)
                        .toArray()),
                measured.wastedShare(),
                measured.lies(),
                reasons,
                players.size(),
                HexFormat.of().toHexDigits(traceHash(all)),
                course(scenario, samples));
    }

    private static long traceHash(List<SimPeer> all) {
        long hash = 1469598103934665603L;
        for (SimPeer peer : all) {
            hash = (hash ^ peer.traceHash()) * 1099511628211L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    private static List<SimSample> course(Scenario scenario, List<Simulation.Sample> samples) {
        List<SimSample> course = new ArrayList<>();
        long peers = 0;
        long origin = 0;
        for (Simulation.Sample sample : samples) {
            long fromPeers = sample.peerGroups() - peers;
            long fromOrigin = sample.originGroups() - origin;
            peers = sample.peerGroups();
            origin = sample.originGroups();
            course.add(new SimSample(
                    sample.millis(),
                    fromPeers + fromOrigin == 0 ? 0 : (double) fromPeers / (fromPeers + fromOrigin),
                    (double) origin / scenario.streamGroups(),
                    sample.stalls(),
                    sample.startupMillisMedian()));
        }
        return course;
    }
}
