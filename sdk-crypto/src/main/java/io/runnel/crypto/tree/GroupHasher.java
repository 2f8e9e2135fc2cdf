package io.runnel.crypto.tree;

/** Chaining values of consecutive chunk groups of a blob. Not thread-safe: it owns its scratch. */
final class GroupHasher {
    static final int CV_WORDS = 8;

    private final TreeShape shape;
    private final ScalarHasher scalar = new ScalarHasher();

    GroupHasher(TreeShape shape) {
        this.shape = shape;
    }

    /**
     * Hashes whole groups; a group that is the whole blob is hashed as its root.
     *
     * @param length bytes of all the groups, the last of the blob possibly short
     * @param cvs receives 8 words a group
     * @return the number of groups
     */
    int hash(long firstGroup, byte[] in, int off, int length, int[] cvs) {
        boolean root = shape.groups() == 1;
        int groupBytes = shape.groupBytes();
        int count = Math.max(1, (length + groupBytes - 1) / groupBytes);
        for (int i = 0; i < count; i++) {
            int start = i * groupBytes;
            int size = Math.min(groupBytes, length - start);
            scalar.subtree(in, off + start, size, (firstGroup + i) << shape.groupLog(), root, cvs, i * CV_WORDS);
        }
        return count;
    }
}
