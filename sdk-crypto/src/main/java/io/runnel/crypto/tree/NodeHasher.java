package io.runnel.crypto.tree;

import java.nio.ByteBuffer;

/** Chaining values of single nodes, for whoever checks a proof node by node. Not thread-safe. */
public final class NodeHasher {
    private static final int CV_BYTES = 32;

    private final TreeShape shape;
    private final GroupHasher groups;
    private final ScalarHasher scalar = new ScalarHasher();
    private final int[] words = new int[2 * GroupHasher.CV_WORDS];

    /** A hasher of the nodes of blobs of this shape. */
    public NodeHasher(TreeShape shape) {
        this.shape = shape;
        this.groups = new GroupHasher(shape);
    }

    /**
     * The chaining value of a group; of the only group of a blob, the blob's id.
     *
     * @param bytes the whole group; position and limit stay
     * @return 32 bytes owned by the caller
     * @throws IllegalArgumentException if the group has another length
     */
    public byte[] group(long group, ByteBuffer bytes) {
        if (bytes.remaining() != shape.groupSize(group)) {
            throw new IllegalArgumentException(
                    "bytes: " + bytes.remaining() + ", must be " + shape.groupSize(group) + " for group " + group);
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        groups.hash(group, copy, 0, copy.length, words);
        return firstCv();
    }

    /**
     * The chaining value of a parent.
     *
     * @param node 64 bytes: left then right chaining value
     * @param root whether it is the topmost of its tree
     * @return 32 bytes owned by the caller
     */
    public byte[] parent(byte[] node, boolean root) {
        if (node.length != TreeShape.NODE_BYTES) {
            throw new IllegalArgumentException("node: " + node.length + " bytes, must be " + TreeShape.NODE_BYTES);
        }
        Words.read(node, 0, words, 0, GroupHasher.CV_WORDS);
        scalar.parent(words, 0, root, words, 0);
        return firstCv();
    }

    private byte[] firstCv() {
        byte[] cv = new byte[CV_BYTES];
        Words.write(words, 0, cv, 0, GroupHasher.CV_WORDS / 2);
        return cv;
    }
}
