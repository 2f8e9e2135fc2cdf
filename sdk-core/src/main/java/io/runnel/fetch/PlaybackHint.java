package io.runnel.fetch;

import java.time.Duration;
import java.util.Objects;

/**
 * How a player is doing, as it says itself. What is more than any player needs counts as the most there is.
 *
 * @param bytesPerSecond plaintext it plays in a second, at most 1 TiB; 0 where it does not know or stands still
 * @param bufferAhead how long it can go on with what it has taken from the reader already, at most a day; zero where it
 *     does not know
 */
public record PlaybackHint(long bytesPerSecond, Duration bufferAhead) {
    private static final long MOST_BYTES_PER_SECOND = 1L << 40;
    private static final Duration MOST_BUFFER = Duration.ofDays(1);

    /** Nothing is known. */
    public static final PlaybackHint NONE = new PlaybackHint(0, Duration.ZERO);

    /** Rejects negative values; larger ones than the most become that. */
    public PlaybackHint {
        Objects.requireNonNull(bufferAhead, "bufferAhead");
        if (bytesPerSecond < 0 || bufferAhead.isNegative()) {
            throw new IllegalArgumentException(
                    "playback hint: " + bytesPerSecond + " bytes/s and " + bufferAhead + " ahead must not be negative");
        }
        bytesPerSecond = Math.min(bytesPerSecond, MOST_BYTES_PER_SECOND);
        bufferAhead = bufferAhead.compareTo(MOST_BUFFER) > 0 ? MOST_BUFFER : bufferAhead;
    }

    /**
     * A hint of a player that counts its buffer in bytes.
     *
     * @param bytesPerSecond at least 1
     * @param bytesAhead taken from the reader and not yet played
     */
    public static PlaybackHint ofBytes(long bytesPerSecond, long bytesAhead) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond: " + bytesPerSecond + ", must be at least 1");
        }
        double seconds = (double) bytesAhead / bytesPerSecond;
        return new PlaybackHint(bytesPerSecond, Duration.ofNanos((long) (seconds * 1e9)));
    }
}
