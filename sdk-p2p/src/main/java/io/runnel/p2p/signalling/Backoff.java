package io.runnel.p2p.signalling;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Waiting times between attempts: full jitter over a bound that doubles from 1 s to 60 s. */
final class Backoff {
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MAX_SECONDS = 60;

    private Backoff() {}

    /** @param failures so far, at least 1 */
    static long nanos(int failures, RandomGenerator random) {
        long bound = TimeUnit.SECONDS.toNanos(Math.min(MAX_SECONDS, 1L << Math.min(failures - 1, 6)));
        return random.nextLong(LEAST_NANOS, bound + 1);
    }
}
