package io.runnel.crypto.tree;

/**
 * How a blob of some size is cut into chunk groups, and so the shape of its tree.
 *
 * @param sizeBytes length of the blob in bytes, 0 or more
 * @param groupLog logarithm of the number of 1024-byte chunks in a group, 0 to 10: 4 for blobs, 0 in Bao's own format
 */
public record TreeShape(long sizeBytes, int groupLog) {
    /** Length of a chunk, BLAKE3's leaf, in bytes. */
    public static final int CHUNK_BYTES = 1024;

    /** Length of an outboard node, two chaining values, in bytes. */
    public static final int NODE_BYTES = 64;

    /** The group log of every blob: 16 KiB. */
    public static final int BLOB_GROUP_LOG = 4;

    private static final int MAX_GROUP_LOG = 10;

    /** Rejects a negative size and a group log out of range. */
    public TreeShape {
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("sizeBytes: " + sizeBytes + ", must not be negative");
        }
        if (groupLog < 0 || groupLog > MAX_GROUP_LOG) {
            throw new IllegalArgumentException("groupLog: " + groupLog + ", must be 0 to " + MAX_GROUP_LOG);
        }
    }

    /** The shape of a blob: groups of 16 KiB. */
    public static TreeShape ofBlob(long sizeBytes) {
        return new TreeShape(sizeBytes, BLOB_GROUP_LOG);
    }

    /** Length of every group but the last, in bytes. */
    public int groupBytes() {
        return CHUNK_BYTES << groupLog;
    }

    /** Number of groups, at least 1: the empty blob has one empty group. */
    public long groups() {
        return sizeBytes == 0 ? 1 : (sizeBytes - 1) / groupBytes() + 1;
    }

    /**
     * Length of a group in bytes: {@link #groupBytes()}, or less for the last.
     *
     * @throws IndexOutOfBoundsException if there is no such group
     */
    public int groupSize(long group) {
        if (group < 0 || group >= groups()) {
            throw new IndexOutOfBoundsException("group " + group + " of " + groups());
        }
        return (int) Math.min(groupBytes(), sizeBytes - group * groupBytes());
    }

    /** Length of the pre-order outboard in bytes, without a length header: 64 for each group but one. */
    public long outboardBytes() {
        return (groups() - 1) * NODE_BYTES;
    }
}
