package io.runnel.crypto.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Chaining values of up to 256 whole chunks at once, and of the subtrees over them. Fast on many chunks once compiled,
 * slow before and on few. Not thread-safe: it owns its scratch, about 40 KiB.
 */
final class ChunkLanes {
    /** Chunks at once, at most. */
    static final int MAX_CHUNKS = LaneRounds.LANES;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LANES = LaneRounds.LANES;
    private static final int CV_WORDS = 8;
    private static final int BLOCK_WORDS = 16;
    private static final int BLOCK_BYTES = 64;
    private static final int LAST_BLOCK = TreeShape.CHUNK_BYTES / BLOCK_BYTES - 1;

    /** Kept from call to call: what hashes in small batches would otherwise clear and miss the cache each time. */
    private static final ThreadLocal<ChunkLanes> OF_THREAD = ThreadLocal.withInitial(ChunkLanes::new);

    private final int[] state = new int[BLOCK_WORDS * LANES];
    private final int[][] message = new int[BLOCK_WORDS][LANES];
    /** Word k of chaining value i is at {@code k * LANES + i}. */
    private final int[] cvs = new int[CV_WORDS * LANES];

    /** The calling thread's own. */
    static ChunkLanes ofThread() {
        return OF_THREAD.get();
    }

    /**
     * Chaining values of subtrees, none of them the whole blob.
     *
     * @param count whole chunks, 1 to {@link #MAX_CHUNKS}, a multiple of {@code 1 << log}
     * @param log logarithm of the chunks in a subtree
     * @param out receives 8 words a subtree from {@code outAt}
     */
    void subtrees(byte[] in, int off, int count, long firstChunk, int log, int[] out, int outAt) {
        chunks(in, off, count, firstChunk);
        int left = count;
        for (int level = 0; level < log; level++) {
            left >>= 1;
            parents(left);
        }
        for (int i = 0; i < left; i++) {
            for (int word = 0; word < CV_WORDS; word++) {
                out[outAt + i * CV_WORDS + word] = cvs[word * LANES + i];
            }
        }
    }

    private void chunks(byte[] in, int off, int count, long firstChunk) {
        startCvs();
        for (int block = 0; block <= LAST_BLOCK; block++) {
            load(count, in, off + block * BLOCK_BYTES, message);
            int flags = (block == 0 ? Compression.CHUNK_START : 0) | (block == LAST_BLOCK ? Compression.CHUNK_END : 0);
            compress(count, firstChunk, 1, flags);
        }
    }

    /** Replaces the first 2n chaining values by the n of their parents. */
    private void parents(int n) {
        for (int word = 0; word < CV_WORDS; word++) {
            unzip(n, cvs, word * LANES, message[word], message[CV_WORDS + word]);
        }
        startCvs();
        compress(n, 0, 0, Compression.PARENT);
    }

    private void startCvs() {
        Arrays.fill(cvs, 0, LANES, Compression.IV0);
        Arrays.fill(cvs, LANES, 2 * LANES, Compression.IV1);
        Arrays.fill(cvs, 2 * LANES, 3 * LANES, Compression.IV2);
        Arrays.fill(cvs, 3 * LANES, 4 * LANES, Compression.IV3);
        Arrays.fill(cvs, 4 * LANES, 5 * LANES, Compression.IV4);
        Arrays.fill(cvs, 5 * LANES, 6 * LANES, Compression.IV5);
        Arrays.fill(cvs, 6 * LANES, 7 * LANES, Compression.IV6);
        Arrays.fill(cvs, 7 * LANES, 8 * LANES, Compression.IV7);
    }

    /** Compresses the message into the first n chaining values; the counter of value i is {@code first + i * step}. */
    private void compress(int n, long first, int step, int flags) {
        System.arraycopy(cvs, 0, state, 0, CV_WORDS * LANES);
        Arrays.fill(state, 8 * LANES, 9 * LANES, Compression.IV0);
        Arrays.fill(state, 9 * LANES, 10 * LANES, Compression.IV1);
        Arrays.fill(state, 10 * LANES, 11 * LANES, Compression.IV2);
        Arrays.fill(state, 11 * LANES, 12 * LANES, Compression.IV3);
        for (int i = 0; i < n; i++) {
            long counter = first + (long) i * step;
            state[12 * LANES + i] = (int) counter;
            state[13 * LANES + i] = (int) (counter >>> 32);
        }
        Arrays.fill(state, 14 * LANES, 15 * LANES, BLOCK_BYTES);
        Arrays.fill(state, 15 * LANES, 16 * LANES, flags);
        LaneRounds.apply(n, state, message);
        fold(cvs, state);
    }

    private static void fold(int[] cvs, int[] state) {
        for (int i = 0; i < CV_WORDS * LANES; i++) {
            cvs[i] = state[i] ^ state[CV_WORDS * LANES + i];
        }
    }

    private static void unzip(int n, int[] from, int at, int[] even, int[] odd) {
        for (int i = 0; i < n; i++) {
            even[i] = from[at + 2 * i];
            odd[i] = from[at + 2 * i + 1];
        }
    }

    /** Transposes one block of each chunk into rows of message words, in one pass. */
    private static void load(int n, byte[] in, int off, int[][] m) {
        int[] m0 = m[0];
        int[] m1 = m[1];
        int[] m2 = m[2];
        int[] m3 = m[3];
        int[] m4 = m[4];
        int[] m5 = m[5];
        int[] m6 = m[6];
        int[] m7 = m[7];
        int[] m8 = m[8];
        int[] m9 = m[9];
        int[] m10 = m[10];
        int[] m11 = m[11];
        int[] m12 = m[12];
        int[] m13 = m[13];
        int[] m14 = m[14];
        int[] m15 = m[15];
        for (int i = 0; i < n; i++) {
            int at = off + i * TreeShape.CHUNK_BYTES;
            long w0 = (long) LONG.get(in, at);
            m0[i] = (int) w0;
            m1[i] = (int) (w0 >>> 32);
            long w1 = (long) LONG.get(in, at + 8);
            m2[i] = (int) w1;
            m3[i] = (int) (w1 >>> 32);
            long w2 = (long) LONG.get(in, at + 16);
            m4[i] = (int) w2;
            m5[i] = (int) (w2 >>> 32);
            long w3 = (long) LONG.get(in, at + 24);
            m6[i] = (int) w3;
            m7[i] = (int) (w3 >>> 32);
            long w4 = (long) LONG.get(in, at + 32);
            m8[i] = (int) w4;
            m9[i] = (int) (w4 >>> 32);
            long w5 = (long) LONG.get(in, at + 40);
            m10[i] = (int) w5;
            m11[i] = (int) (w5 >>> 32);
            long w6 = (long) LONG.get(in, at + 48);
            m12[i] = (int) w6;
            m13[i] = (int) (w6 >>> 32);
            long w7 = (long) LONG.get(in, at + 56);
            m14[i] = (int) w7;
            m15[i] = (int) (w7 >>> 32);
        }
    }
}
