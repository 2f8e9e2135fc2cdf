package io.runnel.store;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a store keeps of one blob. Safe for use on any thread; methods may block on a disk, save {@link #held}, {@link
 * #sizeBytes} and those of a {@link Pin}.
 *
 * <p>A store may drop groups at any time, to stay within its bound or because it found them damaged: then they are no
 * longer {@link #held}, reads of them return false, and whoever needs them fetches and puts them again. It never drops
 * what is pinned to make room for something else.
 *
 * <p>Once a handle is closed its puts fail with an {@link IOException}, and its pins, those asked for later too, cover
 * nothing; other handles to the same blob are as before.
 */
public interface StoredBlob extends AutoCloseable {
    /** The blob's length in bytes. */
    long sizeBytes();

    /** The groups kept now. */
    GroupSet held();

    /**
     * Keeps proven groups. Groups already kept are put again harmlessly.
     *
     * @param firstGroup index of the first group
     * @param bytes whole groups from position to limit (the blob's last may be short); consumed
     * @throws IllegalArgumentException if they are not whole groups of the blob
     * @throws IOException if they could not be kept; {@link #held} is then as before
     */
    void putGroups(long firstGroup, ByteBuffer bytes) throws IOException;

    /**
     * Reads kept groups. What is returned is what was put: a store whose medium may alter bytes checks them, drops what
     * does not fit, and returns false. A read counts as use: what was read lately is dropped last.
     *
     * @param groups of this blob
     * @param target takes exactly the bytes of the range, at its position
     * @return false, with nothing promised of the target's content, if not all of the range is kept
     * @throws IllegalArgumentException if the range goes beyond the blob
     * @throws IOException if the store fails
     */
    boolean readGroups(GroupRange groups, ByteBuffer target) throws IOException;

    /**
     * Keeps a proven stretch of the outboard.
     *
     * @param offset in bytes, a multiple of 64
     * @param nodes whole parents of 64 bytes; consumed
     * @throws IllegalArgumentException if they are not whole parents within the blob's outboard
     * @throws IOException if they could not be kept
     */
    void putTree(long offset, ByteBuffer nodes) throws IOException;

    /**
     * Reads a stretch of the outboard, checked as groups are.
     *
     * @param target takes exactly its remaining length, a multiple of 64
     * @return false, with nothing promised of the target's content, if not all of it is kept
     */
    boolean readTree(long offset, ByteBuffer target) throws IOException;

    /**
     * Keeps groups from being dropped to make room, from the return on: those of the range that are held and those that
     * are put later. An engine gives each reader one pin, moves it to what the reader wants, from its position to the end
     * of its look-ahead, before it waits for that to be held, and closes it with the reader. Peers that are served need
     * none.
     *
     * <p>Pins are for what is read now, not for whole blobs: beyond {@link BlobStore#pinnableBytes} a store may drop even
     * what is pinned, to stay within its bound.
     *
     * @param groups of this blob; may be empty
     * @return ends when it is closed, at the latest with this handle; of a closed handle one that covers nothing
     */
    Pin pin(GroupRange groups);

    /**
     * Makes all that is kept survive a crash, where the store can.
     *
     * @throws IOException if the disk does not take it
     */
    void flush() throws IOException;

    /**
     * Gives this handle back. What is kept stays; a store on disk writes it down with what else is due, not at once. Idempotent.
     */
    @Override
    void close() throws IOException;

    /** A range of groups that a reader needs. Methods never block on a disk and may be called on any thread. */
    interface Pin extends AutoCloseable {
        /** Covers these groups instead. */
        void move(GroupRange groups);

        /** Covers nothing any more. Idempotent. */
        @Override
        void close();
    }
}
