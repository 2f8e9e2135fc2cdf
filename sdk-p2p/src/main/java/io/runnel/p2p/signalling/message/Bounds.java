package io.runnel.p2p.signalling.message;

import java.nio.ByteBuffer;

/** Checks of the messages' compact constructors. */
final class Bounds {
    private Bounds() {}

    static ByteBuffer exactly(String field, ByteBuffer bytes, int size) {
        return within(field, bytes, size, size);
    }

    /** A read-only view of bytes whose length is in range. */
    static ByteBuffer within(String field, ByteBuffer bytes, int least, int most) {
        if (bytes.remaining() < least || bytes.remaining() > most) {
            throw new IllegalArgumentException(
                    field + ": " + bytes.remaining() + " bytes, must be " + least + " to " + most);
        }
        return bytes.asReadOnlyBuffer();
    }

    static void number(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(field + ": " + value + ", must be " + least + " to " + most);
        }
    }
}
