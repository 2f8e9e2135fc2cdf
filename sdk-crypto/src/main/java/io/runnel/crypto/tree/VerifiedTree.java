package io.runnel.crypto.tree;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.BlobId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The chaining values of a blob's groups as far as they are proven against its id. They are proven a window at a time:
 * 1024 groups (16 MiB of a blob), whose subtree is one run of the outboard, with the nodes from there to the root.
 *
 * <p>The size in the shape must be authentic already: it comes from an envelope, or from a checked size proof. Not
 * thread-safe.
 */
public final class VerifiedTree {
    /** Groups in a window; the last window may have fewer. */
    public static final int WINDOW_GROUPS = 1024;

    private static final int CV_BYTES = 32;

    private final BlobId root;
    private final TreeShape shape;
    /** Proven nodes above the windows, by their offset in the outboard. */
    private final Map<Long, byte[]> upper = new HashMap<>();
    /** Proven chaining values of the groups of a window, by the window's index. */
    private final Map<Long, byte[]> windows = new HashMap<>();

    /** Nothing proven yet, except where the blob is a single group: its chaining value is the root. */
    public VerifiedTree(BlobId root, TreeShape shape) {
        this.root = root;
        this.shape = shape;
        if (shape.groups() == 1) {
            windows.put(0L, root.bytes());
        }
    }

    /** Number of windows, at least 1. */
    public long windows() {
        return (shape.groups() - 1) / WINDOW_GROUPS + 1;
    }

    /** Whether the hashes of this window are held. */
    public boolean proven(long window) {
        return windows.containsKey(checkWindow(window));
    }

    /**
     * What of the outboard is still needed to prove a window.
     *
     * @return byte ranges of the pre-order outboard, ascending and apart; none if nothing more is needed
     */
    public List<Stretch> missing(long window) {
        List<Stretch> stretches = new ArrayList<>();
        if (proven(window)) {
            return stretches;
        }
        for (long offset : missingUpper(window)) {
            append(stretches, offset, TreeShape.NODE_BYTES);
        }
        int groups = groupsIn(window);
        if (groups > 1) {
            long offset = PreOrder.offset(shape.groups(), window * WINDOW_GROUPS, groups);
            append(stretches, offset, (groups - 1) * TreeShape.NODE_BYTES);
        }
        return stretches;
    }

    /**
     * Proves a window from bytes anyone may have sent; all or nothing.
     *
     * @param stretches the bytes of {@link #missing}, in that order; positions and limits stay
     * @throws AuthenticationException if a byte is wrong or the lengths are others; nothing has changed then
     */
    public void prove(long window, List<ByteBuffer> stretches) throws AuthenticationException {
        List<Stretch> wanted = missing(window);
        if (proven(window)) {
            return;
        }
        WindowProof proof = new WindowProof(joined(wanted, stretches));
        byte[] expected = root.bytes();
        Walk walk = new Walk(shape.groups());
        Map<Long, byte[]> fresh = new HashMap<>();
        while (!walk.at(window)) {
            byte[] node = upper.get(walk.offset());
            if (node == null) {
                node = proof.node(expected, walk.count == shape.groups());
                fresh.put(walk.offset(), node);
            }
            int half = walk.descend(window) ? 0 : CV_BYTES;
            expected = Arrays.copyOfRange(node, half, half + CV_BYTES);
        }
        byte[] hashes = proof.leaves(expected, groupsIn(window), walk.count == shape.groups());
        upper.putAll(fresh);
        windows.put(window, hashes);
    }

    /**
     * Proven chaining values.
     *
     * @param firstGroup the first group wanted
     * @param count number of groups, at least 1, all inside proven windows
     * @return 32 bytes a group, owned by the caller
     * @throws IllegalStateException if one of them is not proven
     */
    public byte[] hashes(long firstGroup, int count) {
        if (firstGroup < 0 || count < 1 || count > shape.groups() - firstGroup) {
            throw new IllegalArgumentException("groups: " + count + " from " + firstGroup + " of " + shape.groups());
        }
        byte[] out = new byte[count * CV_BYTES];
        for (int done = 0; done < count; ) {
            long group = firstGroup + done;
            byte[] held = windows.get(group / WINDOW_GROUPS);
            if (held == null) {
                throw new IllegalStateException("window " + group / WINDOW_GROUPS + " is not proven");
            }
            int from = (int) (group % WINDOW_GROUPS);
            int take = Math.min(count - done, held.length / CV_BYTES - from);
            System.arraycopy(held, from * CV_BYTES, out, done * CV_BYTES, take * CV_BYTES);
            done += take;
        }
        return out;
    }

    /** Gives a window's memory back; the nodes above it stay proven. The root of a single-group blob stays. */
    public void forget(long window) {
        checkWindow(window);
        if (shape.groups() > 1) {
            windows.remove(window);
        }
    }

    private long checkWindow(long window) {
        if (window < 0 || window >= windows()) {
            throw new IllegalArgumentException("window: " + window + ", must be below " + windows());
        }
        return window;
    }

    private int groupsIn(long window) {
        return (int) Math.min(WINDOW_GROUPS, shape.groups() - window * WINDOW_GROUPS);
    }

    private List<Long> missingUpper(long window) {
        List<Long> offsets = new ArrayList<>();
        for (Walk walk = new Walk(shape.groups()); !walk.at(window); walk.descend(window)) {
            if (!upper.containsKey(walk.offset())) {
                offsets.add(walk.offset());
            }
        }
        return offsets;
    }

    private static void append(List<Stretch> stretches, long offset, int length) {
        int last = stretches.size() - 1;
        if (last >= 0 && stretches.get(last).offset() + stretches.get(last).length() == offset) {
            Stretch before = stretches.get(last);
            stretches.set(last, new Stretch(before.offset(), before.length() + length));
        } else {
            stretches.add(new Stretch(offset, length));
        }
    }

    private static byte[] joined(List<Stretch> wanted, List<ByteBuffer> given) throws AuthenticationException {
        if (given.size() != wanted.size()) {
            throw new AuthenticationException();
        }
        int total = wanted.stream().mapToInt(Stretch::length).sum();
        ByteBuffer all = ByteBuffer.allocate(total);
        for (int i = 0; i < given.size(); i++) {
            if (given.get(i).remaining() != wanted.get(i).length()) {
                throw new AuthenticationException();
            }
            all.put(given.get(i).duplicate());
        }
        return all.array();
    }

    /** The way from the root of the tree down to a window. */
    private static final class Walk {
        private long index;
        private long start;
        private long count;

        Walk(long groups) {
            count = groups;
        }

        /** Whether the subtree reached is no larger than this window. */
        boolean at(long window) {
            return start == window * WINDOW_GROUPS && count <= WINDOW_GROUPS;
        }

        long offset() {
            return index * TreeShape.NODE_BYTES;
        }

        /** Steps to the child that holds the window; whether it is the left one. */
        boolean descend(long window) {
            long left = PreOrder.leftLeaves(count);
            if (window * WINDOW_GROUPS < start + left) {
                index++;
                count = left;
                return true;
            }
            index += left;
            start += left;
            count -= left;
            return false;
        }
    }
}
