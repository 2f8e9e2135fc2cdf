package io.runnel.crypto.tree.slice;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.tree.NodeHasher;
import io.runnel.crypto.tree.TreeShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** One chunk group with its path: the nodes from the root down to it, 64 bytes each. */
public final class GroupProof {
    private static final int CV_BYTES = 32;

    private GroupProof() {}

    /** Length of a group's path in bytes: 0 where it is the only one. */
    public static int pathBytes(TreeShape shape, long group) {
        return (int) walk(shape, group, (firstGroup, groups, right) -> {}) * TreeShape.NODE_BYTES;
    }

    /**
     * Reads a group's path.
     *
     * @param outboard the pre-order outboard without a length header
     */
    public static byte[] path(TreeShape shape, long group, ByteSource outboard) throws IOException {
        ByteBuffer path = ByteBuffer.allocate(pathBytes(shape, group));
        walk(shape, group, (firstGroup, groups, right) -> {
            path.limit(path.position() + TreeShape.NODE_BYTES);
            outboard.read(shape.nodeOffset(firstGroup, groups), path);
        });
        return path.array();
    }

    /**
     * Checks a group that anyone may have sent.
     *
     * @param shape whose size must be authentic already, unless the group is the last: the last group proves the size
     * @param bytes the group; position and limit stay
     * @param path the nodes from the root down
     * @throws AuthenticationException if group or path is damaged, or of another length or place
     */
    public static void verify(BlobId root, TreeShape shape, long group, ByteBuffer bytes, byte[] path)
            throws AuthenticationException {
        if (bytes.remaining() != shape.groupSize(group) || path.length != pathBytes(shape, group)) {
            throw new AuthenticationException();
        }
        NodeHasher hasher = new NodeHasher(shape);
        Descent descent = new Descent(hasher, root.bytes(), ByteBuffer.wrap(path), shape.groups());
        walk(shape, group, descent);
        if (!descent.intact || !Arrays.equals(hasher.group(group, bytes), descent.expected)) {
            throw new AuthenticationException();
        }
    }

    /** Checks node after node on the way down. */
    private static final class Descent implements Step<RuntimeException> {
        private final NodeHasher hasher;
        private final ByteBuffer path;
        private final long total;
        private byte[] expected;
        private boolean intact = true;

        Descent(NodeHasher hasher, byte[] root, ByteBuffer path, long total) {
            this.hasher = hasher;
            this.expected = root;
            this.path = path;
            this.total = total;
        }

        @Override
        public void node(long firstGroup, long groups, boolean right) {
            byte[] node = new byte[TreeShape.NODE_BYTES];
            path.get(node);
            intact &= Arrays.equals(hasher.parent(node, groups == total), expected);
            expected = Arrays.copyOfRange(node, right ? CV_BYTES : 0, right ? TreeShape.NODE_BYTES : CV_BYTES);
        }
    }

    @FunctionalInterface
    private interface Step<E extends Exception> {
        /** One node on the way, and whether the way goes right from it. */
        void node(long firstGroup, long groups, boolean right) throws E;
    }

    private static <E extends Exception> long walk(TreeShape shape, long group, Step<E> step) throws E {
        if (group < 0 || group >= shape.groups()) {
            throw new IndexOutOfBoundsException("group " + group + " of " + shape.groups());
        }
        long first = 0;
        long depth = 0;
        for (long groups = shape.groups(); groups > 1; depth++) {
            long left = TreeShape.leftGroups(groups);
            boolean right = group >= first + left;
            step.node(first, groups, right);
            first += right ? left : 0;
            groups = right ? groups - left : left;
        }
        return depth;
    }
}
