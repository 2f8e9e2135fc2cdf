package io.runnel.p2p.webrtc;

import java.util.concurrent.TimeUnit;

/**
 * How much of a channel's data may wait in the native buffer: about a tenth of a second's worth, at the rate at which it
 * has drained. On a fast path that is enough to ride out the pauses of a busy machine; on a slow one, little enough that
 * an answer does not wait for seconds behind what was sent before it. The rate also says when there will be room again:
 * to ask costs a wait for a native thread.
 */
final class SendBuffer {
    static final long LEAST_BYTES = 64 << 10;
    static final long MOST_BYTES = 2 << 20;

    /** Until the rate is known. Little, since most uplinks are slow; a fast path is asked often for that long. */
    static final long START_BYTES = 128 << 10;

    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final double SECONDS_AHEAD = 0.1;

    /** How soon to ask again where the rate is not known. */
    static final long LEAST_WAIT_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

    /** Short enough for the least buffer to last on a path that has become ten times as fast. */
    static final long MOST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** What is to drain before more is added, as a share of the limit. */
    private static final int REFILL_SHARE = 4;

    private long limit = START_BYTES;

    /** 0 where it is not known. */
    private double bytesPerSecond;

    private long unmeasuredBytes;
    private long bufferedBefore;
    private long windowStart;

    /** The buffer was found to hold this much; called before anything is added. */
    void drainedTo(long buffered, long now) {
        long elapsed = now - windowStart;
        if (elapsed < WINDOW_NANOS) {
            return;
        }
        long drained = bufferedBefore + unmeasuredBytes - buffered;
        double rate = drained / (elapsed / 1e9);
        // A window that was long past says nothing about the path; one in which it ran empty, only that it is as fast.
        if (buffered > 0 && elapsed < 20 * WINDOW_NANOS) {
            bytesPerSecond = rate;
            limit = bounded(LEAST_BYTES, rate);
        } else if (buffered == 0) {
            bytesPerSecond = 0;
            limit = bounded(Math.max(limit, START_BYTES), rate);
        }
        bufferedBefore = buffered;
        unmeasuredBytes = 0;
        windowStart = now;
    }

    private static long bounded(long least, double bytesPerSecond) {
        return Math.max(least, Math.min(MOST_BYTES, (long) (bytesPerSecond * SECONDS_AHEAD)));
    }

    /** Something was added. */
    void added(long bytes) {
        unmeasuredBytes += bytes;
    }

    /** In bytes. */
    long limit() {
        return limit;
    }

    /** When a full buffer that holds this much is worth filling again: with three quarters of its limit left. */
    long refillNanos(long buffered) {
        if (bytesPerSecond <= 0) {
            return LEAST_WAIT_NANOS;
        }
        long surplus = Math.max(0, buffered - limit + limit / REFILL_SHARE);
        return Math.max(LEAST_WAIT_NANOS, Math.min(MOST_WAIT_NANOS, (long) (surplus / bytesPerSecond * 1e9)));
    }
}
