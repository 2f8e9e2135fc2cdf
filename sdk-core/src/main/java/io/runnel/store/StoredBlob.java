package io.runnel.store;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a store keeps of one blob. Safe for use on any thread; methods may block on a disk. A store may drop groups to
 * stay within its bound: then they are no longer {@link #held} and reads of them return false.
 */
public interface StoredBlob extends AutoCloseable {
    /** The blob's length in bytes. */
    long sizeBytes();

    /** The groups kept now. */
    GroupSet held();

    /**
     * Keeps proven groups. Groups already kept are written again, harmlessly.
     *
     * @param firstGroup index of the first group
     * @param bytes whole groups from position to limit (the blob's last may be short); consumed
     * @throws IOException if they could not be kept; {@link #held} is then as before
     */
    void putGroups(long firstGroup, ByteBuffer bytes) throws IOException;

    /**
     * Reads kept groups.
     *
     * @param target takes exactly the bytes of the range, at its position
     * @return false, with nothing promised of the target's content, if not all of the range is kept
     */
    boolean readGroups(GroupRange groups, ByteBuffer target) throws IOException;

    /**
     * Keeps a proven stretch of the outboard.
     *
     * @param offset in bytes, a multiple of 64
     * @param nodes whole parents of 64 bytes; consumed
     */
    void putTree(long offset, ByteBuffer nodes) throws IOException;

    /**
     * Reads a stretch of the outboard.
     *
     * @param target takes exactly its remaining length, a multiple of 64
     * @return false, with nothing promised of the target's content, if not all of it is kept
     */
    boolean readTree(long offset, ByteBuffer target) throws IOException;

    /** Makes all that is kept survive a crash, where the store can. */
    void flush() throws IOException;

    /** Flushes and gives this handle back. Idempotent. */
    @Override
    void close() throws IOException;
}
