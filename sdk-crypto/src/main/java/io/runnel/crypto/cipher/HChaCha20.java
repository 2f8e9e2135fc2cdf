package io.runnel.crypto.cipher;

import static java.lang.Integer.rotateLeft;

/**
 * HChaCha20 (draft-irtf-cfrg-xchacha-03 section 2.2): the subkey of an XChaCha20 key and the first 16 bytes of the nonce.
 * All of its state is in local variables, so nothing of the key stays on the heap but the result.
 */
final class HChaCha20 {
    private static final int DOUBLE_ROUNDS = 10;

    private HChaCha20() {}

    /** The 32-byte subkey; the caller wipes it. */
    static byte[] subkey(byte[] key, byte[] nonce) {
        int x0 = 0x61707865;
        int x1 = 0x3320646e;
        int x2 = 0x79622d32;
        int x3 = 0x6b206574;
        int x4 = word(key, 0);
        int x5 = word(key, 4);
        int x6 = word(key, 8);
        int x7 = word(key, 12);
        int x8 = word(key, 16);
        int x9 = word(key, 20);
        int x10 = word(key, 24);
        int x11 = word(key, 28);
        int x12 = word(nonce, 0);
        int x13 = word(nonce, 4);
        int x14 = word(nonce, 8);
        int x15 = word(nonce, 12);
        for (int i = 0; i < DOUBLE_ROUNDS; i++) {
            x0 += x4;
            x12 = rotateLeft(x12 ^ x0, 16);
            x8 += x12;
            x4 = rotateLeft(x4 ^ x8, 12);
            x0 += x4;
            x12 = rotateLeft(x12 ^ x0, 8);
            x8 += x12;
            x4 = rotateLeft(x4 ^ x8, 7);
            x1 += x5;
            x13 = rotateLeft(x13 ^ x1, 16);
            x9 += x13;
            x5 = rotateLeft(x5 ^ x9, 12);
            x1 += x5;
            x13 = rotateLeft(x13 ^ x1, 8);
            x9 += x13;
            x5 = rotateLeft(x5 ^ x9, 7);
            x2 += x6;
            x14 = rotateLeft(x14 ^ x2, 16);
            x10 += x14;
            x6 = rotateLeft(x6 ^ x10, 12);
            x2 += x6;
            x14 = rotateLeft(x14 ^ x2, 8);
            x10 += x14;
            x6 = rotateLeft(x6 ^ x10, 7);
            x3 += x7;
            x15 = rotateLeft(x15 ^ x3, 16);
            x11 += x15;
            x7 = rotateLeft(x7 ^ x11, 12);
            x3 += x7;
            x15 = rotateLeft(x15 ^ x3, 8);
            x11 += x15;
            x7 = rotateLeft(x7 ^ x11, 7);
            x0 += x5;
            x15 = rotateLeft(x15 ^ x0, 16);
            x10 += x15;
            x5 = rotateLeft(x5 ^ x10, 12);
            x0 += x5;
            x15 = rotateLeft(x15 ^ x0, 8);
            x10 += x15;
            x5 = rotateLeft(x5 ^ x10, 7);
            x1 += x6;
            x12 = rotateLeft(x12 ^ x1, 16);
            x11 += x12;
            x6 = rotateLeft(x6 ^ x11, 12);
            x1 += x6;
            x12 = rotateLeft(x12 ^ x1, 8);
            x11 += x12;
            x6 = rotateLeft(x6 ^ x11, 7);
            x2 += x7;
            x13 = rotateLeft(x13 ^ x2, 16);
            x8 += x13;
            x7 = rotateLeft(x7 ^ x8, 12);
            x2 += x7;
            x13 = rotateLeft(x13 ^ x2, 8);
            x8 += x13;
            x7 = rotateLeft(x7 ^ x8, 7);
            x3 += x4;
            x14 = rotateLeft(x14 ^ x3, 16);
            x9 += x14;
            x4 = rotateLeft(x4 ^ x9, 12);
            x3 += x4;
            x14 = rotateLeft(x14 ^ x3, 8);
            x9 += x14;
            x4 = rotateLeft(x4 ^ x9, 7);
        }
        byte[] out = new byte[32];
        put(out, 0, x0);
        put(out, 4, x1);
        put(out, 8, x2);
        put(out, 12, x3);
        put(out, 16, x12);
        put(out, 20, x13);
        put(out, 24, x14);
        put(out, 28, x15);
        return out;
    }

    private static int word(byte[] in, int at) {
        return (in[at] & 0xFF) | (in[at + 1] & 0xFF) << 8 | (in[at + 2] & 0xFF) << 16 | in[at + 3] << 24;
    }

    private static void put(byte[] out, int at, int word) {
        out[at] = (byte) word;
        out[at + 1] = (byte) (word >>> 8);
        out[at + 2] = (byte) (word >>> 16);
        out[at + 3] = (byte) (word >>> 24);
    }
}
