package io.runnel.p2p.signalling;

import java.nio.ByteBuffer;

/**
 * The name of one attempt to connect, drawn by the side that offers.
 *
 * @param high first eight bytes
 * @param low last eight bytes
 */
public record SessionId(long high, long low) {
    static final int BYTES = 16;

    static SessionId read(ByteBuffer in) {
        return new SessionId(in.getLong(), in.getLong());
    }

    void write(ByteBuffer out) {
        out.putLong(high).putLong(low);
    }
}
