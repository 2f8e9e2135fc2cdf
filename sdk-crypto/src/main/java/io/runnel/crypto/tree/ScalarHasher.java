package io.runnel.crypto.tree;

import java.util.Arrays;

/**
 * Chaining values of chunks, parents and whole subtrees, one block at a time. Not thread-safe: it owns its scratch.
 */
final class ScalarHasher {
    private static final int BLOCK_BYTES = 64;
    private static final int BLOCK_WORDS = 16;
    private static final int CV_WORDS = 8;
    private static final int LONGEST_PATH = 54;

    private final int[] message = new int[BLOCK_WORDS];
    private final byte[] lastBlock = new byte[BLOCK_BYTES];
    private final int[] stack = new int[(LONGEST_PATH + 1) * CV_WORDS];

    /** Chaining value of one chunk of 0 to 1024 bytes, to {@code cv[at..at+8]}. */
    void chunk(byte[] in, int off, int length, long counter, boolean root, int[] cv, int at) {
        Compression.start(cv, at);
        int flags = Compression.CHUNK_START;
        int done = 0;
        for (; length - done > BLOCK_BYTES; done += BLOCK_BYTES) {
            Words.read(in, off + done, message, 0, BLOCK_WORDS / 2);
            Compression.compress(cv, at, message, 0, counter, BLOCK_BYTES, flags);
            flags = 0;
        }
        int left = length - done;
        System.arraycopy(in, off + done, lastBlock, 0, left);
        Arrays.fill(lastBlock, left, BLOCK_BYTES, (byte) 0);
        Words.read(lastBlock, 0, message, 0, BLOCK_WORDS / 2);
        flags |= Compression.CHUNK_END | (root ? Compression.ROOT : 0);
        Compression.compress(cv, at, message, 0, counter, left, flags);
    }

    /** Chaining value of the parent of the two at {@code pair[pairAt..pairAt+16]}. The places may overlap. */
    void parent(int[] pair, int pairAt, boolean root, int[] cv, int at) {
        System.arraycopy(pair, pairAt, message, 0, BLOCK_WORDS);
        Compression.start(cv, at);
        Compression.compress(cv, at, message, 0, 0, BLOCK_BYTES, Compression.PARENT | (root ? Compression.ROOT : 0));
    }

    /**
     * Chaining value of the subtree over some bytes that start on a subtree's border.
     *
     * @param firstChunk the chunk counter of the first
     * @param root whether this is the whole blob
     */
    void subtree(byte[] in, int off, int length, long firstChunk, boolean root, int[] cv, int at) {
        int chunks = Math.max(1, (length + TreeShape.CHUNK_BYTES - 1) / TreeShape.CHUNK_BYTES);
        int top = 0;
        for (int i = 0; i < chunks; i++) {
            int start = i * TreeShape.CHUNK_BYTES;
            int size = Math.min(TreeShape.CHUNK_BYTES, length - start);
            chunk(in, off + start, size, firstChunk + i, root && chunks == 1, stack, top * CV_WORDS);
            top++;
            for (int done = i + 1; (done & 1) == 0 && done > 0 && top > 1; done >>= 1) {
                merge(--top, root && i + 1 == chunks && top == 1);
            }
        }
        while (top > 1) {
            merge(--top, root && top == 1);
        }
        System.arraycopy(stack, 0, cv, at, CV_WORDS);
    }

    private void merge(int right, boolean root) {
        int left = (right - 1) * CV_WORDS;
        parent(stack, left, root, stack, left);
    }
}
