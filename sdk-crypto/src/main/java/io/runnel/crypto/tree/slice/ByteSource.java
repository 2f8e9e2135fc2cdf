package io.runnel.crypto.tree.slice;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes that can be read at any place, such as a file. */
@FunctionalInterface
public interface ByteSource {
    /**
     * Fills the buffer.
     *
     * @param offset where to start, 0 or more
     * @param into filled up to its limit; its position is at its limit afterwards
     * @throws IOException if the bytes are not there
     */
    void read(long offset, ByteBuffer into) throws IOException;

    /** The bytes of an array, which is not copied. */
    static ByteSource of(byte[] bytes) {
        return (offset, into) -> {
            if (offset < 0 || offset > bytes.length - into.remaining()) {
                throw new EOFException("bytes at " + offset + " are beyond the end");
            }
            into.put(bytes, (int) offset, into.remaining());
        };
    }
}
