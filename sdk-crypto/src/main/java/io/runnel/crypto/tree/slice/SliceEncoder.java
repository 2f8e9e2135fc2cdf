package io.runnel.crypto.tree.slice;

import io.runnel.crypto.tree.TreeShape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes verified slices of one blob: its length, 8 bytes little-endian, then in pre-order the nodes over the range and
 * the groups that hold it. What it reads is not verified here; whoever decodes the slice does that. Not thread-safe.
 */
public final class SliceEncoder {
    static final int HEADER_BYTES = 8;

    private final TreeSource source;
    private final TreeShape shape;

    /** An encoder of a blob. */
    public SliceEncoder(TreeSource source) {
        this.source = source;
        this.shape = source.shape();
    }

    /**
     * Writes the slice of a range. A length of 0 counts as 1, and a start at or beyond the end stands for the last byte.
     *
     * @param start the range's first byte, 0 or more
     * @param length its length in bytes, 0 or more
     */
    public void slice(long start, long length, OutputStream out) throws IOException {
        out.write(ByteBuffer.allocate(HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(shape.sizeBytes())
                .array());
        subtree(0, shape.groups(), SliceRange.of(shape, start, length), out);
    }

    /** Writes the slice of the whole blob: Bao's combined encoding. */
    public void combined(OutputStream out) throws IOException {
        slice(0, shape.sizeBytes(), out);
    }

    /** Writes the slice that proves the blob's size: that of its last byte. */
    public void sizeProof(OutputStream out) throws IOException {
        slice(shape.sizeBytes(), 0, out);
    }

    private void subtree(long firstGroup, long groups, SliceRange range, OutputStream out) throws IOException {
        if (!range.touches(shape, firstGroup, groups)) {
            return;
        }
        if (groups == 1) {
            byte[] bytes = new byte[shape.groupSize(firstGroup)];
            source.group(firstGroup, ByteBuffer.wrap(bytes));
            out.write(bytes);
            return;
        }
        byte[] node = new byte[TreeShape.NODE_BYTES];
        source.node(firstGroup, groups, ByteBuffer.wrap(node));
        out.write(node);
        long left = TreeShape.leftGroups(groups);
        subtree(firstGroup, left, range, out);
        subtree(firstGroup + left, groups - left, range, out);
    }
}
