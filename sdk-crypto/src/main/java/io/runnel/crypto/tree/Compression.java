package io.runnel.crypto.tree;

import static java.lang.Integer.rotateRight;

/**
 * The BLAKE3 compression function (BLAKE3 paper section 2.2), one block at a time. Everything is in local variables, so
 * that it stays in registers, and one method is well under the 8000 bytecodes above which it would never be compiled.
 */
final class Compression {
    static final int CHUNK_START = 1;
    static final int CHUNK_END = 2;
    static final int PARENT = 4;
    static final int ROOT = 8;

    static final int IV0 = 0x6A09E667;
    static final int IV1 = 0xBB67AE85;
    static final int IV2 = 0x3C6EF372;
    static final int IV3 = 0xA54FF53A;
    static final int IV4 = 0x510E527F;
    static final int IV5 = 0x9B05688C;
    static final int IV6 = 0x1F83D9AB;
    static final int IV7 = 0x5BE0CD19;

    private static final int ROUNDS = 7;

    private Compression() {}

    /** Puts the initial chaining value of unkeyed hashing at {@code cv[at..at+8]}. */
    static void start(int[] cv, int at) {
        cv[at] = IV0;
        cv[at + 1] = IV1;
        cv[at + 2] = IV2;
        cv[at + 3] = IV3;
        cv[at + 4] = IV4;
        cv[at + 5] = IV5;
        cv[at + 6] = IV6;
        cv[at + 7] = IV7;
    }

    /**
     * Replaces the chaining value at {@code cv[at..at+8]} by its compression with the sixteen little-endian words
     * {@code m[mAt..mAt+16]}.
     */
    static void compress(int[] cv, int at, int[] m, int mAt, long counter, int blockLen, int flags) {
        int m0 = m[mAt];
        int m1 = m[mAt + 1];
        int m2 = m[mAt + 2];
        int m3 = m[mAt + 3];
        int m4 = m[mAt + 4];
        int m5 = m[mAt + 5];
        int m6 = m[mAt + 6];
        int m7 = m[mAt + 7];
        int m8 = m[mAt + 8];
        int m9 = m[mAt + 9];
        int m10 = m[mAt + 10];
        int m11 = m[mAt + 11];
        int m12 = m[mAt + 12];
        int m13 = m[mAt + 13];
        int m14 = m[mAt + 14];
        int m15 = m[mAt + 15];
        int v0 = cv[at];
        int v1 = cv[at + 1];
        int v2 = cv[at + 2];
        int v3 = cv[at + 3];
        int v4 = cv[at + 4];
        int v5 = cv[at + 5];
        int v6 = cv[at + 6];
        int v7 = cv[at + 7];
        int v8 = IV0;
        int v9 = IV1;
        int v10 = IV2;
        int v11 = IV3;
        int v12 = (int) counter;
        int v13 = (int) (counter >>> 32);
        int v14 = blockLen;
        int v15 = flags;
        for (int round = 0; round < ROUNDS; round++) {
            v0 += v4 + m0;
            v12 = rotateRight(v12 ^ v0, 16);
            v8 += v12;
            v4 = rotateRight(v4 ^ v8, 12);
            v0 += v4 + m1;
            v12 = rotateRight(v12 ^ v0, 8);
            v8 += v12;
            v4 = rotateRight(v4 ^ v8, 7);
            v1 += v5 + m2;
            v13 = rotateRight(v13 ^ v1, 16);
            v9 += v13;
            v5 = rotateRight(v5 ^ v9, 12);
            v1 += v5 + m3;
            v13 = rotateRight(v13 ^ v1, 8);
            v9 += v13;
            v5 = rotateRight(v5 ^ v9, 7);
            v2 += v6 + m4;
            v14 = rotateRight(v14 ^ v2, 16);
            v10 += v14;
            v6 = rotateRight(v6 ^ v10, 12);
            v2 += v6 + m5;
            v14 = rotateRight(v14 ^ v2, 8);
            v10 += v14;
            v6 = rotateRight(v6 ^ v10, 7);
            v3 += v7 + m6;
            v15 = rotateRight(v15 ^ v3, 16);
            v11 += v15;
            v7 = rotateRight(v7 ^ v11, 12);
            v3 += v7 + m7;
            v15 = rotateRight(v15 ^ v3, 8);
            v11 += v15;
            v7 = rotateRight(v7 ^ v11, 7);
            v0 += v5 + m8;
            v15 = rotateRight(v15 ^ v0, 16);
            v10 += v15;
            v5 = rotateRight(v5 ^ v10, 12);
            v0 += v5 + m9;
            v15 = rotateRight(v15 ^ v0, 8);
            v10 += v15;
            v5 = rotateRight(v5 ^ v10, 7);
            v1 += v6 + m10;
            v12 = rotateRight(v12 ^ v1, 16);
            v11 += v12;
            v6 = rotateRight(v6 ^ v11, 12);
            v1 += v6 + m11;
            v12 = rotateRight(v12 ^ v1, 8);
            v11 += v12;
            v6 = rotateRight(v6 ^ v11, 7);
            v2 += v7 + m12;
            v13 = rotateRight(v13 ^ v2, 16);
            v8 += v13;
            v7 = rotateRight(v7 ^ v8, 12);
            v2 += v7 + m13;
            v13 = rotateRight(v13 ^ v2, 8);
            v8 += v13;
            v7 = rotateRight(v7 ^ v8, 7);
            v3 += v4 + m14;
            v14 = rotateRight(v14 ^ v3, 16);
            v9 += v14;
            v4 = rotateRight(v4 ^ v9, 12);
            v3 += v4 + m15;
            v14 = rotateRight(v14 ^ v3, 8);
            v9 += v14;
            v4 = rotateRight(v4 ^ v9, 7);
            int t0 = m0;
            m0 = m2;
            m2 = m3;
            m3 = m10;
            m10 = m12;
            m12 = m9;
            m9 = m11;
            m11 = m5;
            m5 = t0;
            int t1 = m1;
            m1 = m6;
            m6 = m4;
            m4 = m7;
            m7 = m13;
            m13 = m14;
            m14 = m15;
            m15 = m8;
            m8 = t1;
        }
        cv[at] = v0 ^ v8;
        cv[at + 1] = v1 ^ v9;
        cv[at + 2] = v2 ^ v10;
        cv[at + 3] = v3 ^ v11;
        cv[at + 4] = v4 ^ v12;
        cv[at + 5] = v5 ^ v13;
        cv[at + 6] = v6 ^ v14;
        cv[at + 7] = v7 ^ v15;
    }
}
