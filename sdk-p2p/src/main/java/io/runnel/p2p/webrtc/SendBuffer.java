package io.runnel.p2p.webrtc;

import java.util.concurrent.TimeUnit;

/**
 * How much of a channel's data may wait in the native buffer: about a tenth of a second's worth, at the rate at which it
 * has drained. On a fast path that is enough to ride out the pauses of a busy machine; on a slow one, little enough that
 * an answer does not wait for seconds behind what was sent before it.
 */
final class SendBuffer {
    static final long LEAST_BYTES = 256 << 10;
    static final long MOST_BYTES = 2 << 20;

    private static final long START_BYTES = 1 << 20;
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final double SECONDS_AHEAD = 0.1;

    private long limit = START_BYTES;
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
        // A window in which it ran empty, or that was long past, says nothing about the path.
        if (buffered > 0 && elapsed < 20 * WINDOW_NANOS) {
            double rate = drained / (elapsed / 1e9);
            limit = Math.max(LEAST_BYTES, Math.min(MOST_BYTES, (long) (rate * SECONDS_AHEAD)));
        } else if (buffered == 0) {
            limit = Math.max(limit, START_BYTES);
        }
        bufferedBefore = buffered;
        unmeasuredBytes = 0;
        windowStart = now;
    }

    /** Something was added. */
    void added(long bytes) {
        unmeasuredBytes += bytes;
    }

    /** In bytes. */
    long limit() {
        return limit;
    }
}
