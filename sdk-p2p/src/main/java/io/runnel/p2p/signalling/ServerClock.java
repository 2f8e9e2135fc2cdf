package io.runnel.p2p.signalling;

import java.util.concurrent.TimeUnit;

/**
 * The app server's time, as the last ticket told it: from then on a clock that only goes forward counts. This machine's
 * own time of day, which may be wrong or be set anew in the middle, has no part in it.
 */
final class ServerClock {
    private long learntMillis;
    private long learntNanos;

    /** A ticket was given at this time of the server's. */
    void learn(long serverMillis, long now) {
        learntMillis = serverMillis;
        learntNanos = now;
    }

    /** In milliseconds since 1970; of no meaning before the first ticket. */
    long millis(long now) {
        return learntMillis + TimeUnit.NANOSECONDS.toMillis(now - learntNanos);
    }
}
