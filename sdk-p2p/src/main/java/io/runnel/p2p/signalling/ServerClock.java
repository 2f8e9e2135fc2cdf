package io.runnel.p2p.signalling;

import io.runnel.crypto.identity.PeerCredential;
import java.util.concurrent.TimeUnit;

/**
 * The server's time as far as it can be told: this machine's clock when the last credential came, unless that is not
 * valid by it, which shows that the clock is wrong. From then on a clock that only goes forward counts, so that one set
 * anew in the middle changes nothing.
 */
final class ServerClock {
    /** How far back issuers set a credential's start, about. */
    private static final long SET_BACK_MILLIS = 30_000;

    private long learntMillis;
    private long learntNanos;
    private boolean known;

    /** A credential has just been issued. */
    void learn(PeerCredential fresh, Moment now) {
        long here = now.wallMillis();
        boolean right = here >= fresh.notBeforeMillis() && here < fresh.notAfterMillis();
        long issued = Math.min(fresh.notBeforeMillis() + SET_BACK_MILLIS, fresh.notAfterMillis() - 1);
        learntMillis = right ? here : issued;
        learntNanos = now.nanos();
        known = true;
    }

    long millis(Moment now) {
        return known ? learntMillis + TimeUnit.NANOSECONDS.toMillis(now.nanos() - learntNanos) : now.wallMillis();
    }
}
