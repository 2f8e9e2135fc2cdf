package io.runnel.crypto.tree;

/** Chaining values of consecutive chunk groups of a blob. Not thread-safe: it owns its scratch. */
final class GroupHasher {
    static final int CV_WORDS = 8;

    /** With fewer chunks lanes are no faster than one block at a time. */
    private static final int MIN_LANES = 32;

    private final TreeShape shape;
    private final LaneTrial trial;
    private final ScalarHasher scalar = new ScalarHasher();

    GroupHasher(TreeShape shape) {
        this(shape, LaneTrial.SHARED);
    }

    GroupHasher(TreeShape shape, LaneTrial trial) {
        this.shape = shape;
        this.trial = trial;
    }

    /** The batch of groups, in bytes, with which {@link #hash} is fastest. */
    static int batchBytes(TreeShape shape) {
        return Math.max(ChunkLanes.MAX_CHUNKS * TreeShape.CHUNK_BYTES, shape.groupBytes());
    }

    /**
     * Hashes whole groups; a group that is the whole blob is hashed as its root.
     *
     * @param length bytes of all the groups, the last of the blob possibly short
     * @param cvs receives 8 words a group
     * @return the number of groups
     */
    int hash(long firstGroup, byte[] in, int off, int length, int[] cvs) {
        int groupBytes = shape.groupBytes();
        boolean root = shape.groups() == 1;
        int count = Math.max(1, (length + groupBytes - 1) / groupBytes);
        int done = root ? 0 : wholeGroups(firstGroup, in, off, length / groupBytes, cvs);
        for (; done < count; done++) {
            int start = done * groupBytes;
            scalar(firstGroup + done, in, off + start, Math.min(groupBytes, length - start), root, cvs, done);
        }
        return count;
    }

    private int wholeGroups(long firstGroup, byte[] in, int off, int count, int[] cvs) {
        int batch = ChunkLanes.MAX_CHUNKS >> shape.groupLog();
        int done = 0;
        for (int take; (take = Math.min(batch, count - done)) << shape.groupLog() >= MIN_LANES; done += take) {
            int at = off + done * shape.groupBytes();
            if (trial.decided()) {
                batch(trial.lanesNext(), firstGroup + done, in, at, take, cvs, done);
            } else {
                timedBatch(firstGroup + done, in, at, take, cvs, done);
            }
        }
        return done;
    }

    private void timedBatch(long firstGroup, byte[] in, int off, int count, int[] cvs, int cvIndex) {
        boolean inLanes = trial.lanesNext();
        long start = System.nanoTime();
        batch(inLanes, firstGroup, in, off, count, cvs, cvIndex);
        trial.took(inLanes, System.nanoTime() - start, count * shape.groupBytes());
    }

    private void batch(boolean inLanes, long firstGroup, byte[] in, int off, int count, int[] cvs, int cvIndex) {
        int log = shape.groupLog();
        if (inLanes) {
            ChunkLanes.ofThread().subtrees(in, off, count << log, firstGroup << log, log, cvs, cvIndex * CV_WORDS);
            return;
        }
        for (int i = 0; i < count; i++) {
            int start = off + i * shape.groupBytes();
            scalar(firstGroup + i, in, start, shape.groupBytes(), false, cvs, cvIndex + i);
        }
    }

    private void scalar(long group, byte[] in, int off, int size, boolean root, int[] cvs, int cvIndex) {
        scalar.subtree(in, off, size, group << shape.groupLog(), root, cvs, cvIndex * CV_WORDS);
    }
}
