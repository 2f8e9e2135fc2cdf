package io.runnel.devserver.web;

/** A token bucket: so many at once, so many a second from then on. Not for use by several threads. */
public final class RateLimit {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final long nanosPerToken;
    private final long capacityNanos;
    private long savedNanos;
    private long lastNanos;

    /**
     * A full bucket.
     *
     * @param burst how many may pass at once, 1 to 1,000,000
     * @param perSecond how many a second in the long run, 1 to 1,000,000
     */
    public RateLimit(int burst, int perSecond, long nowNanos) {
        nanosPerToken = SECOND_NANOS / perSecond;
        capacityNanos = burst * nanosPerToken;
        savedNanos = capacityNanos;
        lastNanos = nowNanos;
    }

    /** Takes one token, or answers false where there is none. */
    public boolean tryTake(long nowNanos) {
        long elapsedNanos = nowNanos - lastNanos;
        if (elapsedNanos > 0) {
            savedNanos = Math.min(capacityNanos, savedNanos + elapsedNanos);
            lastNanos = nowNanos;
        }
        if (savedNanos < nanosPerToken) {
            return false;
        }
        savedNanos -= nanosPerToken;
        return true;
    }
}
