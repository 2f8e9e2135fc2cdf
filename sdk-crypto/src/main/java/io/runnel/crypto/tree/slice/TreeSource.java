package io.runnel.crypto.tree.slice;

import io.runnel.crypto.tree.TreeShape;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Where an encoder reads the nodes and the groups of a blob from. */
public sealed interface TreeSource {
    /** The shape of the blob. */
    TreeShape shape();

    /** Fills {@code into}, 64 bytes, with the node over some groups. */
    void node(long firstGroup, long groups, ByteBuffer into) throws IOException;

    /** Fills {@code into}, as long as the group, with a group. */
    void group(long group, ByteBuffer into) throws IOException;

    /** A blob and, apart from it, its pre-order outboard without a length header. */
    record Separate(TreeShape shape, ByteSource outboard, ByteSource blob) implements TreeSource {
        @Override
        public void node(long firstGroup, long groups, ByteBuffer into) throws IOException {
            outboard.read(shape.nodeOffset(firstGroup, groups), into);
        }

        @Override
        public void group(long group, ByteBuffer into) throws IOException {
            blob.read(group * shape.groupBytes(), into);
        }
    }

    /** Bao's combined encoding: the length, then nodes and groups in pre-order. */
    record Combined(TreeShape shape, ByteSource encoding) implements TreeSource {
        @Override
        public void node(long firstGroup, long groups, ByteBuffer into) throws IOException {
            encoding.read(offset(firstGroup, groups), into);
        }

        @Override
        public void group(long group, ByteBuffer into) throws IOException {
            encoding.read(offset(group, 1), into);
        }

        private long offset(long firstGroup, long groups) {
            return SliceEncoder.HEADER_BYTES + shape.nodeOffset(firstGroup, groups) + firstGroup * shape.groupBytes();
        }
    }
}
