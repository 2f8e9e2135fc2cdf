package io.runnel.crypto.tree.slice;

import io.runnel.crypto.tree.TreeShape;

/**
 * The bytes a slice is about, by Bao's rules: a length of 0 counts as 1, and a start at or beyond the end stands for the
 * last byte, so that every slice proves something, and that one the size.
 */
record SliceRange(long start, long end) {
    static SliceRange of(TreeShape shape, long start, long length) {
        if (start < 0 || length < 0) {
            throw new IllegalArgumentException("slice: start and length must not be negative");
        }
        long size = shape.sizeBytes();
        if (start >= size) {
            return new SliceRange(Math.max(0, size - 1), size);
        }
        return new SliceRange(start, start + Math.min(size - start, Math.max(1, length)));
    }

    /** Whether a subtree has bytes of the range; the empty blob's only group counts as having them. */
    boolean touches(TreeShape shape, long firstGroup, long groups) {
        long from = firstGroup * shape.groupBytes();
        boolean last = firstGroup + groups == shape.groups();
        long to = last ? shape.sizeBytes() : from + groups * shape.groupBytes();
        return shape.sizeBytes() == 0 || (from < end && to > start);
    }
}
