package io.runnel.p2p.signalling;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The credentials one peer has shown. Those that admitted it cost nothing when they come again, as they do for each swarm
 * in common; of others, each of which takes the check of a signature, there may come one for each collection and renewal.
 */
final class ShownCredentials {
    static final int BURST = 32;
    static final long EACH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Deque<ByteBuffer> good = new ArrayDeque<>();
    private final Attempts others = new Attempts(BURST, EACH_NANOS);

    /** Whether this one has admitted the peer before. */
    boolean isKnown(ByteBuffer encoded) {
        return good.contains(encoded);
    }

    /** Whether this one, which is not known, may be looked at; it counts. */
    boolean mayShow(long now) {
        boolean may = others.may(now);
        if (may) {
            others.begin(now);
        }
        return may;
    }

    /** This one admits the peer. */
    void admitted(ByteBuffer encoded) {
        if (isKnown(encoded)) {
            return;
        }
        if (good.size() == BURST) {
            good.removeFirst();
        }
        good.addLast(ByteBuffer.wrap(PeerSignal.bytes(encoded)));
    }
}
