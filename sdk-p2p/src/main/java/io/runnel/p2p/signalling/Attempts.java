package io.runnel.p2p.signalling;

import java.util.concurrent.TimeUnit;

/** How often one peer may have something done that costs more than its wish for it: a few times at once, then now and then. */
final class Attempts {
    /** Connections begun with one peer, or turned down, at its wish or at this side's. */
    static final int BURST = 8;

    static final long EACH_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final int burst;
    private final long eachNanos;

    /** When as many may be begun as at the start; before, one less for each interval that is left. */
    private long fullNanos;

    private boolean begun;

    /** Of connections. */
    Attempts() {
        this(BURST, EACH_NANOS);
    }

    /**
     * @param burst how many at once
     * @param eachNanos how long until one more
     */
    Attempts(int burst, long eachNanos) {
        this.burst = burst;
        this.eachNanos = eachNanos;
    }

    /** When one more may be begun; not after {@code now} where it may be at once. */
    long nextNanos(long now) {
        return begun ? fullNanos - (burst - 1) * eachNanos : now;
    }

    boolean may(long now) {
        return nextNanos(now) - now <= 0;
    }

    /** One more is begun, or turned down. */
    void begin(long now) {
        fullNanos = (begun ? Math.max(fullNanos, now) : now) + eachNanos;
        begun = true;
    }
}
