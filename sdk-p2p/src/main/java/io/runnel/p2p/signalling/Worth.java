package io.runnel.p2p.signalling;

import java.util.concurrent.TimeUnit;

/** Of what use a connection was lately, to either side. */
final class Worth {
    /** A connection is of use while it carries as much in {@link #USELESS_NANOS}: 8 groups. A trickle would cost nothing. */
    static final long USE_BYTES = 8L << 14;

    static final long USELESS_NANOS = TimeUnit.SECONDS.toNanos(60);

    private boolean weighed;
    private long gotBytes;
    private long bytesWhenUseful;
    private long usefulNanos;

    /** Of a connection that opens now. */
    Worth(long now) {
        usefulNanos = now;
    }

    /** Takes note of what the connection has carried; what came from the peer since the last time. */
    long weigh(Traffic traffic, long now) {
        weighed = true;
        if (traffic.bytes() - bytesWhenUseful >= USE_BYTES) {
            bytesWhenUseful = traffic.bytes();
            usefulNanos = now;
        }
        long came = traffic.gotBytes() - gotBytes;
        gotBytes = traffic.gotBytes();
        return came;
    }

    /** Whether it was of no use for a while; of what was never weighed nothing is known. */
    boolean useless(long now) {
        return weighed && now - usefulNanos >= USELESS_NANOS;
    }

    /** When it was last of use, or opened. */
    long usefulNanos() {
        return usefulNanos;
    }
}
