package io.runnel.crypto.tree;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the nodes of an outboard as they become known, each once, in no particular order. */
@FunctionalInterface
public interface OutboardSink {
    /**
     * Takes one node.
     *
     * @param offset where it belongs in the pre-order outboard, in bytes
     * @param pair 64 bytes remaining: left then right chaining value; only lent for the call
     */
    void node(long offset, ByteBuffer pair) throws IOException;
}
