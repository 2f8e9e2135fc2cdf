package io.runnel.http.keys;

import io.runnel.keys.KeyException;
import io.runnel.keys.KeyException.Reason;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How the connection to the app server stands, when something is due because of it, and what stands in its way. Times are
 * milliseconds of the machine's clock. Not thread-safe.
 */
final class Standing {
    /** Failures in a row that a server's wish for calm counts as, at least. */
    private static final int CALM_FAILURES = 4;

    /** In the order of a connection's life; {@link #PAUSING} leads back to {@link #CONNECTING}. */
    enum Phase {
        NEW,
        CONNECTING,
        GREETING,
        OPEN,
        PAUSING,
        ENDED
    }

    private final KeysLimits limits;
    private final RandomGenerator random;
    private Phase phase = Phase.NEW;
    private long phaseUntil = KeysSession.NEVER;
    private long openedAt;
    private long pingAt = KeysSession.NEVER;
    private int failures;

    /** Why the last attempt to connect failed; null where it did not, or nobody knows. */
    private @Nullable String unreachable;

    /** What was wrong with the token where the last connection ended for want of one; else null. */
    private @Nullable String tokenless;

    Standing(KeysLimits limits, RandomGenerator random) {
        this.limits = limits;
        this.random = random;
    }

    boolean is(Phase which) {
        return phase == which;
    }

    void connecting(long now) {
        phase = Phase.CONNECTING;
        phaseUntil = now + KeysLimits.CONNECTING_MILLIS;
    }

    /** A hello was sent. */
    void greeting(long now) {
        phase = Phase.GREETING;
        phaseUntil = now + limits.answerMillis();
        unreachable = null;
        tokenless = null;
    }

    void opened(long now) {
        phase = Phase.OPEN;
        phaseUntil = KeysSession.NEVER;
        openedAt = now;
        pingAt = now + limits.pingMillis();
    }

    /** The connection is gone; the next attempt follows after a delay. */
    void pausing(boolean asksForCalm, long now) {
        boolean steady = phase == Phase.OPEN && now - openedAt >= KeysLimits.STEADY_MILLIS;
        failures = steady ? 1 : failures + 1;
        if (asksForCalm) {
            failures = Math.max(failures, CALM_FAILURES);
        }
        phase = Phase.PAUSING;
        phaseUntil = now + limits.backOff().delayMillis(failures, random);
        pingAt = KeysSession.NEVER;
    }

    void ended() {
        phase = Phase.ENDED;
        phaseUntil = KeysSession.NEVER;
        pingAt = KeysSession.NEVER;
    }

    /** @param why the last attempt failed; null where nobody knows */
    void unreachable(@Nullable String why) {
        unreachable = why;
        tokenless = null;
    }

    /** @param why there was no token to greet with */
    void tokenless(String why) {
        unreachable = null;
        tokenless = why;
    }

    /** What a request hears that cannot wait for a connection. */
    KeyException none() {
        if (tokenless != null) {
            return new KeyException(Reason.DENIED, tokenless);
        }
        return new KeyException(
                Reason.UNAVAILABLE,
                "the app server cannot be reached: "
                        + (unreachable == null ? "check the network and its address" : unreachable));
    }

    /** Whether the phase has lasted as long as it may. */
    boolean isOver(long now) {
        return now >= phaseUntil;
    }

    /** Whether a ping is due; then the next is due after a while. */
    boolean takePing(long now) {
        boolean due = now >= pingAt;
        if (due) {
            pingAt = now + limits.pingMillis();
        }
        return due;
    }

    long nextWakeMillis() {
        return Math.min(phaseUntil, pingAt);
    }
}
