package io.runnel.http.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with full jitter: a delay drawn evenly from zero to {@code base * 2^failures}, which is capped. A
 * crowd that failed together does not come back together.
 *
 * @param base the ceiling of the first delay, positive
 * @param cap the highest ceiling, at least {@code base}
 */
public record FullJitter(Duration base, Duration cap) {
    /** Rejects durations out of range. */
    public FullJitter {
        if (base.isZero() || base.isNegative() || cap.compareTo(base) < 0) {
            throw new IllegalArgumentException("back-off: must be 0 < base <= cap");
        }
    }

    /**
     * The delay after so many failures in a row, in milliseconds.
     *
     * @param failures at least 1
     */
    public long delayMillis(int failures, RandomGenerator random) {
        int doublings = Math.min(failures - 1, 30);
        long ceiling = Math.min(cap.toMillis(), base.toMillis() << doublings);
        return random.nextLong(ceiling + 1);
    }
}
