package io.runnel.crypto.tree.slice;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the verified bytes of a slice, in order. */
@FunctionalInterface
public interface VerifiedSink {
    /**
     * Takes the next bytes.
     *
     * @param offset where they are in the blob
     * @param bytes all that remains is meant; only lent for the call
     */
    void bytes(long offset, ByteBuffer bytes) throws IOException;
}
