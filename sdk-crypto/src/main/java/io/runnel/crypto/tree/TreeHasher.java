package io.runnel.crypto.tree;

import io.runnel.crypto.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Hashes a blob as it streams by, in constant memory, handing each node of its outboard to a sink. For one thread at a
 * time.
 */
public final class TreeHasher {
    private static final int CV_BYTES = 32;
    private static final int LONGEST_PATH = 64;

    private final TreeShape shape;
    private final OutboardSink sink;
    private final GroupHasher groupHasher;
    private final ScalarHasher parents = new ScalarHasher();
    private final byte[] batch;
    private final int[] batchCvs;
    private final int[] stack = new int[LONGEST_PATH * GroupHasher.CV_WORDS];
    private final byte[] node = new byte[TreeShape.NODE_BYTES];
    private int batched;
    private int depth;
    private long groupsDone;
    private long bytesTaken;
    private boolean finished;

    /**
     * A hasher of a blob of this shape.
     *
     * @param sink receives the nodes during {@link #update} and {@link #finish}
     */
    public TreeHasher(TreeShape shape, OutboardSink sink) {
        this.shape = shape;
        this.sink = sink;
        this.groupHasher = new GroupHasher(shape);
        this.batch = new byte[GroupHasher.batchBytes(shape)];
        this.batchCvs = new int[batch.length / shape.groupBytes() * GroupHasher.CV_WORDS];
    }

    /**
     * Takes the next bytes of the blob.
     *
     * @param bytes all that remains is taken
     * @throws IllegalArgumentException if these are more bytes than the shape says
     * @throws IOException if the sink fails; the hasher is then of no more use
     */
    public void update(ByteBuffer bytes) throws IOException {
        if (bytes.remaining() > shape.sizeBytes() - bytesTaken) {
            throw new IllegalArgumentException("bytes: more than the " + shape.sizeBytes() + " the shape says");
        }
        bytesTaken += bytes.remaining();
        while (bytes.hasRemaining()) {
            int take = Math.min(bytes.remaining(), batch.length - batched);
            bytes.get(batch, batched, take);
            batched += take;
            if (batched == batch.length) {
                hashBatch();
            }
        }
    }

    /**
     * Ends the blob.
     *
     * @return its id; every node has reached the sink by then
     * @throws IllegalStateException if fewer bytes came than the shape says, or if called twice
     */
    public BlobId finish() throws IOException {
        if (finished || bytesTaken != shape.sizeBytes()) {
            throw new IllegalStateException(
                    finished ? "finished already" : "took " + bytesTaken + " of " + shape.sizeBytes() + " bytes");
        }
        finished = true;
        if (batched > 0 || shape.sizeBytes() == 0) {
            hashBatch();
        }
        long right = groupsDone & -groupsDone;
        for (long rest = groupsDone ^ right; rest != 0; rest &= rest - 1) {
            long left = rest & -rest;
            merge(groupsDone - right - left, left + right);
            right += left;
        }
        byte[] root = new byte[CV_BYTES];
        Words.write(stack, 0, root, 0, GroupHasher.CV_WORDS / 2);
        return BlobId.of(root);
    }

    private void hashBatch() throws IOException {
        int count = groupHasher.hash(groupsDone, batch, 0, batched, batchCvs);
        batched = 0;
        for (int i = 0; i < count; i++) {
            System.arraycopy(
                    batchCvs, i * GroupHasher.CV_WORDS, stack, depth * GroupHasher.CV_WORDS, GroupHasher.CV_WORDS);
            depth++;
            groupsDone++;
            for (long size = 2; (groupsDone & (size - 1)) == 0 && size <= groupsDone; size <<= 1) {
                merge(groupsDone - size, size);
            }
        }
    }

    /** Joins the two topmost chaining values, which cover {@code groups} groups from {@code firstGroup}. */
    private void merge(long firstGroup, long groups) throws IOException {
        int left = (depth - 2) * GroupHasher.CV_WORDS;
        Words.write(stack, left, node, 0, GroupHasher.CV_WORDS);
        sink.node(PreOrder.offset(shape.groups(), firstGroup, groups), ByteBuffer.wrap(node));
        parents.parent(stack, left, groups == shape.groups(), stack, left);
        depth--;
    }
}
