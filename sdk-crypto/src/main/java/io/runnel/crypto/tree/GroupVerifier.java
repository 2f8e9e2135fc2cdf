package io.runnel.crypto.tree;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Checks consecutive chunk groups against their proven chaining values. */
public final class GroupVerifier {
    private static final int CV_BYTES = 32;

    private GroupVerifier() {}

    /**
     * Finds the first group whose bytes are not those of the blob. Safe on any thread.
     *
     * @param firstGroup index of the first group in {@code bytes}
     * @param bytes whole groups, at least one (the last group of a blob may be short); position and limit stay
     * @param hashes 32 bytes a group, as {@link VerifiedTree#hashes} gives them
     * @return index of the bad group counted from {@code firstGroup}, or -1 if all are good
     * @throws IllegalArgumentException if the bytes are no whole groups of this shape, or the hashes do not match them in
     *     number
     */
    public static int firstBad(TreeShape shape, long firstGroup, ByteBuffer bytes, byte[] hashes) {
        int count = countGroups(shape, firstGroup, bytes.remaining());
        if (hashes.length != count * CV_BYTES) {
            throw new IllegalArgumentException("hashes: " + hashes.length + " bytes, must be " + count * CV_BYTES);
        }
        int batchBytes = GroupHasher.batchBytes(shape);
        int batchGroups = batchBytes / shape.groupBytes();
        ByteBuffer source = bytes.duplicate();
        boolean onHeap = source.hasArray();
        int base = onHeap ? source.arrayOffset() + source.position() : 0;
        byte[] array = onHeap ? source.array() : new byte[Math.min(batchBytes, source.remaining())];
        GroupHasher hasher = new GroupHasher(shape);
        int[] cvs = new int[Math.min(batchGroups, count) * GroupHasher.CV_WORDS];
        for (int done = 0; done < count; done += batchGroups) {
            int start = done * shape.groupBytes();
            int size = Math.min(batchBytes, bytes.remaining() - start);
            if (!onHeap) {
                source.get(array, 0, size);
            }
            int groups = hasher.hash(firstGroup + done, array, onHeap ? base + start : 0, size, cvs);
            int bad = firstDifference(cvs, groups, hashes, done);
            if (bad >= 0) {
                return done + bad;
            }
        }
        return -1;
    }

    private static int firstDifference(int[] cvs, int groups, byte[] hashes, int firstHash) {
        byte[] found = new byte[groups * CV_BYTES];
        Words.write(cvs, 0, found, 0, found.length / 8);
        int from = firstHash * CV_BYTES;
        int at = Arrays.mismatch(found, 0, found.length, hashes, from, from + found.length);
        return at < 0 ? -1 : at / CV_BYTES;
    }

    private static int countGroups(TreeShape shape, long firstGroup, int length) {
        if (firstGroup < 0 || firstGroup >= shape.groups()) {
            throw new IllegalArgumentException("firstGroup: " + firstGroup + ", must be below " + shape.groups());
        }
        long left = shape.sizeBytes() - firstGroup * shape.groupBytes();
        boolean whole = length == left || (length > 0 && length % shape.groupBytes() == 0);
        if (!whole || length > left) {
            throw new IllegalArgumentException(
                    "bytes: " + length + " from group " + firstGroup + " are no whole groups of the blob");
        }
        return length == 0 ? 1 : (length - 1) / shape.groupBytes() + 1;
    }
}
