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

    /**
     * Length of consecutive groups in bytes.
     *
     * @param first index of the first group
     * @param end index after the last, {@code first} or more
     * @throws IndexOutOfBoundsException if there are no such groups
     */
    public long bytesOf(long first, long end) {
        if (first < 0 || end < first || end > groups()) {
            throw new IndexOutOfBoundsException("groups [" + first + ", " + end + ") of " + groups());
        }
        return startOf(end) - startOf(first);
    }

    private long startOf(long group) {
        return group == groups() ? sizeBytes : group * groupBytes();
    }

    /** Length of the pre-order outboard in bytes, without a length header: 64 for each group but one. */
    public long outboardBytes() {
        return (groups() - 1) * NODE_BYTES;
    }

    /**
     * Groups in the left child of a node: the largest power of two strictly below.
     *
     * @param groups groups under the node, at least 2
     */
    public static long leftGroups(long groups) {
        if (groups < 2) {
            throw new IllegalArgumentException("groups: " + groups + ", must be at least 2");
        }
        return PreOrder.leftLeaves(groups);
    }

    /**
     * Where a node is in the pre-order outboard, in bytes; for a single group, where its node would be: after 64 bytes for
     * each node that comes before it.
     *
     * @param firstGroup the first group under the node
     * @param groups the number of groups under it
     * @throws IllegalArgumentException if no node covers just these groups
     */
    public long nodeOffset(long firstGroup, long groups) {
        return PreOrder.offset(groups(), firstGroup, groups);
    }
}
