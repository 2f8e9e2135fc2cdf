package io.runnel.engine;

import io.runnel.fetch.PlaybackHint;
import java.time.Duration;

/**
 * How fast a reader goes through a blob and how long its player can go on without more: what the player reported, aged,
 * or else what the reader was seen to take. Pure; owned by the engine loop.
 */
final class ReadingPace {
    private static final long INTERVAL_NANOS = 1_000_000_000L;
    private static final double NANOS = 1e9;

    /** Where the reader goes on if it reads in order; how much it wanted last. */
    private long nextOffset = -1;

    private long lastLength;

    /** What it took since the interval began, and what it took in a second before. */
    private long intervalBytes;

    private long intervalStartNanos;
    private double bytesPerSecond;

    /** The report heeded last; the player's buffer then, or since it changed, and when that was. */
    private PlaybackHint heeded = PlaybackHint.NONE;

    private long bufferNanos;
    private long bufferAtNanos;

    /**
     * The reader wants some plaintext. What it wanted before, it has taken.
     *
     * @return whether it goes on where it had stopped
     */
    boolean wants(long offset, long length, PlaybackHint latest, long nowNanos) {
        heed(latest, nowNanos);
        boolean goesOn = offset == nextOffset;
        if (goesOn) {
            taken(nowNanos);
        } else {
            // What the player has buffered is of no use elsewhere.
            bufferNanos = 0;
            bufferAtNanos = nowNanos;
            intervalBytes = 0;
            intervalStartNanos = nowNanos;
        }
        nextOffset = offset + length;
        lastLength = length;
        return goesOn;
    }

    private void taken(long nowNanos) {
        bufferNanos = buffer(nowNanos);
        bufferAtNanos = nowNanos;
        if (heeded.bytesPerSecond() > 0) {
            bufferNanos += (long) (lastLength * NANOS / heeded.bytesPerSecond());
        }
        intervalBytes += lastLength;
        if (nowNanos - intervalStartNanos >= INTERVAL_NANOS) {
            bytesPerSecond = measured(nowNanos);
            intervalBytes = 0;
            intervalStartNanos = nowNanos;
        }
    }

    /**
     * How the player is doing now.
     *
     * @param latest what it reported last
     */
    PlaybackHint at(PlaybackHint latest, long nowNanos) {
        heed(latest, nowNanos);
        long rate = heeded.bytesPerSecond() > 0 ? heeded.bytesPerSecond() : (long) measured(nowNanos);
        return new PlaybackHint(rate, Duration.ofNanos(buffer(nowNanos)));
    }

    @SuppressWarnings("ReferenceEquality")
    private void heed(PlaybackHint latest, long nowNanos) {
        // Each report is an object of its own, so that the same numbers said again count as news.
        if (latest != heeded) {
            heeded = latest;
            bufferNanos = latest.bufferAhead().toNanos();
            bufferAtNanos = nowNanos;
        }
    }

    private long buffer(long nowNanos) {
        boolean plays = heeded.bytesPerSecond() > 0;
        return plays ? Math.max(0, bufferNanos - (nowNanos - bufferAtNanos)) : bufferNanos;
    }

    private double measured(long nowNanos) {
        long elapsed = nowNanos - intervalStartNanos;
        if (elapsed < INTERVAL_NANOS) {
            return bytesPerSecond;
        }
        double latest = intervalBytes * NANOS / elapsed;
        return bytesPerSecond == 0 ? latest : (bytesPerSecond + latest) / 2;
    }
}
