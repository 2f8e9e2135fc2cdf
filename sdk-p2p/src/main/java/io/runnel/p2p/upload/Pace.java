package io.runnel.p2p.upload;

import io.runnel.sharing.UploadPolicy;
import java.util.concurrent.TimeUnit;

/**
 * Lets bytes pass at a rate: each piece takes the time it would need on a line of that rate. A little idle time may be
 * made up for, so that a late timer costs no rate; over ten seconds that is 1 % of it.
 */
final class Pace {
    private static final long MADE_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private long bytesPerSecond = UploadPolicy.UNLIMITED;
    private long freeAtNanos = Long.MIN_VALUE;

    void rate(long value) {
        bytesPerSecond = value;
    }

    boolean unlimited() {
        return bytesPerSecond == UploadPolicy.UNLIMITED;
    }

    long bytesPerSecond() {
        return bytesPerSecond;
    }

    /** Bytes that pass in this time, at least. */
    long bytesIn(long nanos) {
        return unlimited() ? Long.MAX_VALUE : (long) (bytesPerSecond * (nanos / SECOND));
    }

    /** From when on the next piece may pass. */
    long freeAtNanos() {
        return unlimited() ? Long.MIN_VALUE : freeAtNanos;
    }

    void pass(long bytes, long now) {
        if (!unlimited()) {
            freeAtNanos = Math.max(freeAtNanos, now - MADE_UP_NANOS) + nanosFor(bytes);
        }
    }

    /** These bytes, which passed, are not sent. Time that has gone by for them stays lost, so that nothing gathers. */
    void giveBack(long bytes, long now) {
        if (!unlimited() && freeAtNanos > now) {
            freeAtNanos = Math.max(now, freeAtNanos - nanosFor(bytes));
        }
    }

    private long nanosFor(long bytes) {
        return (long) (bytes * SECOND / bytesPerSecond);
    }
}
