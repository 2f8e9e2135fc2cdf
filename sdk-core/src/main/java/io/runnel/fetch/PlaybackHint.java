package io.runnel.fetch;

import java.time.Duration;

/**
 * How a player is doing, as it says itself.
 *
 * @param bytesPerSecond plaintext it plays in a second, 0 where it does not know or stands still
 * @param bufferAhead how long it can go on with what it has taken from the reader already; zero where it does not know
 */
public record PlaybackHint(long bytesPerSecond, Duration bufferAhead) {
    /** Nothing is known. */
    public static final PlaybackHint NONE = new PlaybackHint(0, Duration.ZERO);

    /** Rejects negative values. */
    public PlaybackHint {
        if (bytesPerSecond < 0 || bufferAhead.isNegative()) {
            throw new IllegalArgumentException(
                    "playback hint: " + bytesPerSecond + " bytes/s and " + bufferAhead + " ahead must not be negative");
        }
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
