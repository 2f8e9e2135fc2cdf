package io.runnel.fetch;

import java.time.Duration;
import java.util.Objects;

/**
 * How a client fetches. Immutable; the defaults suit a player on a home connection.
 *
 * @param lookAheadBytes how far ahead of a reader groups are fetched; 1 MiB to 1 GiB, default 32 MiB: two windows of the
 *     hash tree, so that the next one is proven before it is needed. Less where the store has no room for that beside
 *     other readers ({@code BlobStore.pinnableBytes})
 * @param urgentBytes bytes a second that a reader is taken to read where nobody says: what is due soon may come from the
 *     origin so that the reader need not wait for peers. A download begins with as many at that pace. 0 to 64 MiB (0:
 *     nothing is ever due), default 1 MiB: video of 8 Mbit/s
 * @param inFlightBytes the most that is asked of all sources together, and so the bound on unproven bytes in memory; 1
 *     to 256 MiB, default 16 MiB
 * @param peerWait how long a fetch waits for peers before the origin delivers what is not urgent, at most; 0 to 1
 *     minute, default 2 s
 * @param stallTimeout how long the origin may deliver nothing of what it was asked before its groups go to another; a
 *     peer at most 1 s, or as long as it usually takes; 100 ms to 1 minute, default 3 s
 * @param noProgressTimeout how long a read may wait while nothing at all arrives before it fails; 100 ms to 1 hour,
 *     default 30 s
 */
public record FetchSettings(
        long lookAheadBytes,
        long urgentBytes,
        long inFlightBytes,
        Duration peerWait,
        Duration stallTimeout,
        Duration noProgressTimeout) {
    private static final long MIB = 1 << 20;

    /** Rejects values outside the bounds. */
    public FetchSettings {
        check("lookAheadBytes", lookAheadBytes, MIB, 1024 * MIB);
        check("urgentBytes", urgentBytes, 0L, 64 * MIB);
        check("inFlightBytes", inFlightBytes, MIB, 256 * MIB);
        check("peerWait", peerWait, Duration.ZERO, Duration.ofMinutes(1));
        check("stallTimeout", stallTimeout, Duration.ofMillis(100), Duration.ofMinutes(1));
        check("noProgressTimeout", noProgressTimeout, Duration.ofMillis(100), Duration.ofHours(1));
    }

    private static <T extends Comparable<T>> void check(String field, T value, T least, T most) {
        Objects.requireNonNull(value, field);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(field + ": " + value + ", must be " + least + " to " + most);
        }
    }

    /** The defaults. */
    public static FetchSettings defaults() {
        return new FetchSettings(
                32 * MIB, MIB, 16 * MIB, Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ofSeconds(30));
    }

    /** These settings with another no-progress timeout. */
    public FetchSettings withNoProgressTimeout(Duration timeout) {
        return new FetchSettings(lookAheadBytes, urgentBytes, inFlightBytes, peerWait, stallTimeout, timeout);
    }

    /** These settings with another stall timeout. */
    public FetchSettings withStallTimeout(Duration timeout) {
        return new FetchSettings(lookAheadBytes, urgentBytes, inFlightBytes, peerWait, timeout, noProgressTimeout);
    }

    /** These settings with another wait for peers. */
    public FetchSettings withPeerWait(Duration wait) {
        return new FetchSettings(lookAheadBytes, urgentBytes, inFlightBytes, wait, stallTimeout, noProgressTimeout);
    }

    /** These settings with another look-ahead. */
    public FetchSettings withLookAheadBytes(long bytes) {
        return new FetchSettings(bytes, urgentBytes, inFlightBytes, peerWait, stallTimeout, noProgressTimeout);
    }

    /** These settings with another bound on what is asked of all sources together. */
    public FetchSettings withInFlightBytes(long bytes) {
        return new FetchSettings(lookAheadBytes, urgentBytes, bytes, peerWait, stallTimeout, noProgressTimeout);
    }

    /** These settings with another rate that a reader is taken to read at where nobody says. */
    public FetchSettings withUrgentBytes(long bytes) {
        return new FetchSettings(lookAheadBytes, bytes, inFlightBytes, peerWait, stallTimeout, noProgressTimeout);
    }
}
