package io.runnel.store;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One segment file: positional reads and writes. Safe for use on any thread; what a thread's interruption does to channels
 * does not show here.
 */
interface StoreFile extends AutoCloseable {
    /** Its length in bytes. */
    long size() throws IOException;

    /**
     * Fills {@code target}.
     *
     * @throws java.io.EOFException if the file ends before
     */
    void read(long offset, ByteBuffer target) throws IOException;

    /** Writes what remains of {@code bytes}; on an exception any part of it may have been written. */
    void write(long offset, ByteBuffer bytes) throws IOException;

    /** Returns when all that was written before is on the medium. */
    void force() throws IOException;

    /** Notes that it is being used, for the order of {@link StoreFiles#names}. */
    void touch() throws IOException;

    /** Reads and writes fail from now on. Idempotent. */
    @Override
    void close() throws IOException;
}
