package io.runnel.p2p.exchange;

import java.util.concurrent.TimeUnit;

/**
 * How fast the transport takes what it is given. What is handed to it can no longer be taken back, so that on a slow path
 * it is given little at a time: a cancelled request stops soon, and the next answer does not wait behind it.
 */
final class Drain {
    /** What may be on its way to the transport is what it takes in this time. */
    private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** The rate is measured over this much time in which something waited, or over all that may wait. */
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Frames that what may be on its way is cut into. */
    private static final int FRAMES_AHEAD = 4;

    private long windowBytes = ExchangeProtocol.LEAST_AHEAD_BYTES;
    private boolean waiting;
    private long seenNanos;
    private long intervalNanos;
    private long takenBytes;

    /** The transport has taken this much more. */
    void taken(long bytes) {
        takenBytes += bytes;
    }

    /** At the end of each input: whether anything waits for the transport from now on. */
    void seen(boolean waits, long now) {
        if (waiting) {
            intervalNanos += now - seenNanos;
            if (takenBytes > 0 && (intervalNanos >= INTERVAL_NANOS || takenBytes >= windowBytes)) {
                double taken = (double) takenBytes * AHEAD_NANOS / Math.max(1, intervalNanos);
                double inBounds = Math.max(
                        ExchangeProtocol.LEAST_AHEAD_BYTES, Math.min(ExchangeProtocol.MOST_AHEAD_BYTES, taken));
                windowBytes = (windowBytes + (long) inBounds) / 2;
                intervalNanos = 0;
                takenBytes = 0;
            }
        }
        waiting = waits;
        seenNanos = now;
    }

    /** Bytes read or being read from the store but not yet taken by the transport; above, no read is started. */
    long windowBytes() {
        return windowBytes;
    }

    /** How many groups go into one frame. */
    int frameGroups() {
        long groups = Math.round((double) windowBytes / FRAMES_AHEAD / ExchangeProtocol.GROUP_BYTES);
        return (int) Math.max(1, Math.min(ExchangeProtocol.FRAME_GROUPS, groups));
    }
}
