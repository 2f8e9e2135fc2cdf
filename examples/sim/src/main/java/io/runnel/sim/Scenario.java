package io.runnel.sim;

import java.util.Locale;

/**
 * What is simulated. Rates are in groups (16 KiB) per second, times in milliseconds.
 *
 * @param kind what the viewers do
 * @param peers viewers at a time; who leaves is replaced
 * @param seed decides everything that is left to chance
 * @param durationMillis of simulated time
 * @param streamGroupsPerSecond the stream's rate; 4 Mbit/s are 30.5
 * @param meanUplinkShare the mean of all uplinks over the stream's rate; a third of the viewers has none
 * @param leavePerMinute share of the viewers who leave each minute, at random moments
 * @param hostileShare share of the peers who are not honest, of all manners alike
 * @param natShare share of pairs that cannot connect
 * @param lossShare share of messages that come a retransmission (200 ms) later
 * @param withPeers false for the same viewers with the origin alone
 */
public record Scenario(
        Kind kind,
        int peers,
        long seed,
        long durationMillis,
        double streamGroupsPerSecond,
        double meanUplinkShare,
        double leavePerMinute,
        double hostileShare,
        double natShare,
        double lossShare,
        boolean withPeers) {
    /** Length of a group in bytes. */
    static final int GROUP_BYTES = 1 << 14;

    /** How far a live viewer is behind the edge. */
    static final long BEHIND_MILLIS = 12_000;

    /** A live stream is published in segments of this length. */
    static final long SEGMENT_MILLIS = 2_000;

    /** How far a player of a recorded film buffers ahead. */
    static final long BUFFER_MILLIS = 30_000;

    private static final double FOUR_MEGABITS = 4e6 / 8 / GROUP_BYTES;

    /** What the viewers do. */
    public enum Kind {
        /** A live stream; viewers come within ten seconds. */
        LIVE,
        /** A recorded film; viewers come one after the other over the whole time. */
        VOD,
        /** A recorded film; all viewers come within two seconds. */
        FLASH_CROWD,
        /** Live, and a fifth of the peers are hostile. */
        HOSTILE,
        /** Live, and a third of the viewers leaves each minute. */
        CHURN;

        /** The kind named as on the command line: {@code flash-crowd}. */
        public static Kind named(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        }

        /** The name as on the command line. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean live() {
            return this != VOD && this != FLASH_CROWD;
        }
    }

    /** Rejects what cannot be simulated. */
    public Scenario {
        if (peers < 1 || peers > 100_000) {
            throw new IllegalArgumentException("peers: " + peers + ", must be 1 to 100000");
        }
        if (durationMillis < 1_000 || durationMillis > 3_600_000) {
            throw new IllegalArgumentException("duration: " + durationMillis + " ms, must be 1 s to 1 h");
        }
    }

    /** The scenario of a kind with its usual numbers: 4 Mbit/s for five minutes, uplinks of 1.5 times that in the mean. */
    public static Scenario of(Kind kind, int peers, long seed) {
        double leave = kind == Kind.CHURN ? 1.0 / 3 : 0.05;
        double hostile = kind == Kind.HOSTILE ? 0.2 : 0;
        return new Scenario(kind, peers, seed, 300_000, FOUR_MEGABITS, 1.5, leave, hostile, 0.1, 0.005, true);
    }

    /** The same for another length of time. */
    public Scenario withDurationMillis(long millis) {
        return new Scenario(
                kind,
                peers,
                seed,
                millis,
                streamGroupsPerSecond,
                meanUplinkShare,
                leavePerMinute,
                hostileShare,
                natShare,
                lossShare,
                withPeers);
    }

    /** The same viewers with the origin alone, to compare with. */
    public Scenario originOnly() {
        return new Scenario(
                kind,
                peers,
                seed,
                durationMillis,
                streamGroupsPerSecond,
                meanUplinkShare,
                leavePerMinute,
                hostileShare,
                natShare,
                lossShare,
                false);
    }

    /** Groups of the whole stream: what one viewer of all of it fetches. */
    long streamGroups() {
        long millis = kind.live() ? durationMillis + BEHIND_MILLIS : durationMillis;
        return (long) (millis / 1000.0 * streamGroupsPerSecond);
    }

    /** Groups published at a moment. */
    long publishedGroups(long nowMillis) {
        if (!kind.live()) {
            return streamGroups();
        }
        long segments = (nowMillis + BEHIND_MILLIS) / SEGMENT_MILLIS;
        return Math.min(streamGroups(), (long) (segments * SEGMENT_MILLIS / 1000.0 * streamGroupsPerSecond));
    }
}
