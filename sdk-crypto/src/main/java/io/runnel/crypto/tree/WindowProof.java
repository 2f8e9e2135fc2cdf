package io.runnel.crypto.tree;

import io.runnel.crypto.AuthenticationException;
import java.util.Arrays;

/** Nodes in pre-order that somebody sent, checked from the top down as they are consumed. */
final class WindowProof {
    private static final int CV_BYTES = 32;

    private final ScalarHasher hasher = new ScalarHasher();
    private final int[] pair = new int[2 * GroupHasher.CV_WORDS];
    private final byte[] found = new byte[CV_BYTES];
    private final byte[] nodes;
    private int at;

    WindowProof(byte[] nodes) {
        this.nodes = nodes;
    }

    /** The next node, which must hash to {@code expected}. */
    byte[] node(byte[] expected, boolean root) throws AuthenticationException {
        int from = take(expected, root);
        return Arrays.copyOfRange(nodes, from, from + TreeShape.NODE_BYTES);
    }

    /** The chaining values of the leaves of the subtree that the remaining nodes make up. */
    byte[] leaves(byte[] expected, int count, boolean root) throws AuthenticationException {
        byte[] out = new byte[count * CV_BYTES];
        subtree(expected, count, root, out, 0);
        return out;
    }

    private void subtree(byte[] expected, int count, boolean root, byte[] out, int outAt)
            throws AuthenticationException {
        if (count == 1) {
            System.arraycopy(expected, 0, out, outAt, CV_BYTES);
            return;
        }
        byte[] node = node(expected, root);
        int left = (int) PreOrder.leftLeaves(count);
        subtree(Arrays.copyOfRange(node, 0, CV_BYTES), left, false, out, outAt);
        subtree(Arrays.copyOfRange(node, CV_BYTES, 2 * CV_BYTES), count - left, false, out, outAt + left * CV_BYTES);
    }

    private int take(byte[] expected, boolean root) throws AuthenticationException {
        int from = at;
        at += TreeShape.NODE_BYTES;
        Words.read(nodes, from, pair, 0, GroupHasher.CV_WORDS);
        hasher.parent(pair, 0, root, pair, 0);
        Words.write(pair, 0, found, 0, GroupHasher.CV_WORDS / 2);
        if (!Arrays.equals(found, expected)) {
            throw new AuthenticationException();
        }
        return from;
    }
}
