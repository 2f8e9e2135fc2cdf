package io.runnel.crypto.tree;

import java.io.ByteArrayOutputStream;

/**
 * BLAKE3's tree by its definition, recursively and slowly, sharing no code with what it checks: the oracle of the tests
 * of this package.
 */
final class NaiveTree {
    private static final int[] IV = {
        0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19
    };
    private static final int[] PERMUTATION = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};

    private final byte[] data;
    private final int groupBytes;
    private final ByteArrayOutputStream outboard = new ByteArrayOutputStream();

    NaiveTree(byte[] data, int groupLog) {
        this.data = data;
        this.groupBytes = 1024 << groupLog;
    }

    byte[] root() {
        return subtree(0, data.length, true, false);
    }

    byte[] outboard() {
        outboard.reset();
        subtree(0, data.length, true, true);
        return outboard.toByteArray();
    }

    /** Chaining value of one group. */
    byte[] group(int index) {
        int start = index * groupBytes;
        int end = Math.min(data.length, start + groupBytes);
        return subtree(start, end, start == 0 && end == data.length, false);
    }

    private byte[] subtree(int start, int end, boolean root, boolean write) {
        int length = end - start;
        if (length <= 1024) {
            return chunk(start, end, root);
        }
        int left = 1024;
        while (left * 2 < length) {
            left *= 2;
        }
        ByteArrayOutputStream below = new ByteArrayOutputStream();
        boolean node = write && length > groupBytes;
        byte[] saved = outboard.toByteArray();
        outboard.reset();
        byte[] leftCv = subtree(start, start + left, false, write);
        byte[] rightCv = subtree(start + left, end, false, write);
        below.writeBytes(outboard.toByteArray());
        outboard.reset();
        outboard.writeBytes(saved);
        if (node) {
            outboard.writeBytes(leftCv);
            outboard.writeBytes(rightCv);
        }
        outboard.writeBytes(below.toByteArray());
        byte[] block = new byte[64];
        System.arraycopy(leftCv, 0, block, 0, 32);
        System.arraycopy(rightCv, 0, block, 32, 32);
        return bytes(compress(IV, block, 0, 64, 4 | (root ? 8 : 0)));
    }

    private byte[] chunk(int start, int end, boolean root) {
        int[] cv = IV;
        int blocks = Math.max(1, (end - start + 63) / 64);
        for (int i = 0; i < blocks; i++) {
            int from = start + 64 * i;
            int length = Math.min(64, end - from);
            byte[] block = new byte[64];
            System.arraycopy(data, from, block, 0, length);
            boolean last = i == blocks - 1;
            int flags = (i == 0 ? 1 : 0) | (last ? 2 : 0) | (last && root ? 8 : 0);
            cv = compress(cv, block, start / 1024, length, flags);
        }
        return bytes(cv);
    }

    private static int[] compress(int[] cv, byte[] block, long counter, int length, int flags) {
        int[] m = new int[16];
        for (int i = 0; i < 64; i++) {
            m[i / 4] |= (block[i] & 0xFF) << (8 * (i % 4));
        }
        int[] v = new int[16];
        System.arraycopy(cv, 0, v, 0, 8);
        System.arraycopy(IV, 0, v, 8, 4);
        v[12] = (int) counter;
        v[13] = (int) (counter >>> 32);
        v[14] = length;
        v[15] = flags;
        for (int round = 0; round < 7; round++) {
            for (int i = 0; i < 4; i++) {
                mix(v, i, 4 + i, 8 + i, 12 + i, m[2 * i], m[2 * i + 1]);
            }
            for (int i = 0; i < 4; i++) {
                mix(v, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[8 + 2 * i], m[9 + 2 * i]);
            }
            int[] permuted = new int[16];
            for (int i = 0; i < 16; i++) {
                permuted[i] = m[PERMUTATION[i]];
            }
            m = permuted;
        }
        int[] out = new int[8];
        for (int i = 0; i < 8; i++) {
            out[i] = v[i] ^ v[i + 8];
        }
        return out;
    }

    private static void mix(int[] v, int a, int b, int c, int d, int x, int y) {
        v[a] += v[b] + x;
        v[d] = Integer.rotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = Integer.rotateRight(v[b] ^ v[c], 12);
        v[a] += v[b] + y;
        v[d] = Integer.rotateRight(v[d] ^ v[a], 8);
        v[c] += v[d];
        v[b] = Integer.rotateRight(v[b] ^ v[c], 7);
    }

    private static byte[] bytes(int[] words) {
        byte[] out = new byte[32];
        for (int i = 0; i < 32; i++) {
            out[i] = (byte) (words[i / 4] >>> (8 * (i % 4)));
        }
        return out;
    }
}
