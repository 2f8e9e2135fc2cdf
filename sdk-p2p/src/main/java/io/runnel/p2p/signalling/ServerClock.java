package io.runnel.p2p.signalling;

import io.runnel.crypto.identity.PeerCredential;

/**
 * The server's time as far as it can be told: this machine's clock, unless a credential that has just come is not valid
 * by it, which shows that it is wrong.
 */
final class ServerClock {
    /** How far back issuers set a credential's start, about. */
    private static final long SET_BACK_MILLIS = 30_000;

    private long offsetMillis;

    /** A credential has just been issued. */
    void learn(PeerCredential fresh, Moment now) {
        long here = now.wallMillis();
        boolean right = here >= fresh.notBeforeMillis() && here < fresh.notAfterMillis();
        long issued = Math.min(fresh.notBeforeMillis() + SET_BACK_MILLIS, fresh.notAfterMillis() - 1);
        offsetMillis = right ? 0 : issued - here;
    }

    long millis(Moment now) {
        return now.wallMillis() + offsetMillis;
    }
}
