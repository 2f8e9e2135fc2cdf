package io.runnel.crypto.tree;

/**
 * Places in a left-full binary tree over {@code total} leaves, stored in pre-order. A subtree is named by its first leaf
 * and the number of its leaves.
 */
final class PreOrder {
    private PreOrder() {}

    /** Leaves of the left child of a subtree of at least two leaves: the largest power of two strictly below. */
    static long leftLeaves(long leaves) {
        return Long.highestOneBit(leaves - 1);
    }

    /** Offset in bytes of the node on top of a subtree of at least two leaves. */
    static long offset(long total, long firstLeaf, long leaves) {
        long index = 0;
        long start = 0;
        long count = total;
        while (start != firstLeaf || count != leaves) {
            if (count < 2) {
                throw new IllegalArgumentException(
                        leaves + " leaves from " + firstLeaf + " are no subtree of " + total);
            }
            long left = leftLeaves(count);
            if (firstLeaf < start + left) {
                index++;
                count = left;
            } else {
                index += left;
                start += left;
                count -= left;
            }
        }
        return index * TreeShape.NODE_BYTES;
    }
}
