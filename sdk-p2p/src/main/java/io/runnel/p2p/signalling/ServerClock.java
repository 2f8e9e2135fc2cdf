package io.runnel.p2p.signalling;

import io.runnel.crypto.identity.PeerCredential;

/**
 * The server's time as far as it can be told: this machine's clock, unless a credential that has just come is not valid
 * by it, which shows that it is wrong and by how much at least.
 */
final class ServerClock {
    private long offsetMillis;

    /** A credential has just been issued. */
    void learn(PeerCredential fresh, Moment now) {
        long here = now.wallMillis();
        long there = Math.max(fresh.notBeforeMillis(), Math.min(here, fresh.notAfterMillis() - 1));
        offsetMillis = there - here;
    }

    long millis(Moment now) {
        return now.wallMillis() + offsetMillis;
    }
}
