package io.runnel;

import io.runnel.engine.BlobReader;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The blocking way to read a piece of plaintext. */
final class Pieces {
    private Pieces() {}

    /**
     * Fills {@code target} with plaintext from {@code offset} on.
     *
     * @param end how far the reader will go on reading, for the look-ahead
     */
    static void read(BlobReader reader, long offset, ByteBuffer target, long end, String what) throws IOException {
        do {
            Waiting.join(reader.want(offset, target.remaining(), end), what);
        } while (!reader.read(offset, target));
    }
}
