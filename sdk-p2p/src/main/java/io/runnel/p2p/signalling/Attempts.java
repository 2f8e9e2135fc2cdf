package io.runnel.p2p.signalling;

import java.util.concurrent.TimeUnit;

/**
 * How many connections may be begun with one peer, or turned down, at its wish or at this side's: a few at once, then one
 * now and then.
 */
final class Attempts {
    static final int BURST = 8;
    static final long EACH_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** When as many may be begun as at the start; before, one less for each interval that is left. */
    private long fullNanos;

    private boolean begun;

    /** When one more may be begun; not after {@code now} where it may be at once. */
    long nextNanos(long now) {
        return begun ? fullNanos - (BURST - 1) * EACH_NANOS : now;
    }

    boolean may(long now) {
        return nextNanos(now) - now <= 0;
    }

    /** One more is begun, or turned down. */
    void begin(long now) {
        fullNanos = (begun ? Math.max(fullNanos, now) : now) + EACH_NANOS;
        begun = true;
    }
}
