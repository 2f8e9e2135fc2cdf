package io.runnel.crypto.cipher;

import static java.lang.Integer.rotateLeft;

/**
 * The twenty rounds of ChaCha20 (RFC 8439 section 2.3) on up to 512 blocks at once, in the form that C2 of JDK 17 and 25
 * turns into vector instructions: word k of block i is at {@code v[k * LANES + i]}, and each quarter round is a small
 * method of one loop over the blocks with constant offsets.
 */
final class ChaChaLanes {
    /** Blocks at once, at most; also the distance of two words of a block. */
    static final int LANES = 512;

    private static final int DOUBLE_ROUNDS = 10;

    private static final QuarterRound[] DOUBLE_ROUND = {
        ChaChaLanes::column0,
        ChaChaLanes::column1,
        ChaChaLanes::column2,
        ChaChaLanes::column3,
        ChaChaLanes::diagonal0,
        ChaChaLanes::diagonal1,
        ChaChaLanes::diagonal2,
        ChaChaLanes::diagonal3
    };

    private ChaChaLanes() {}

    @FunctionalInterface
    private interface QuarterRound {
        void apply(int n, int[] v);
    }

    /**
     * Applies the rounds to the first {@code n} blocks. The quarter rounds are called through an interface of eight
     * implementations, which C2 never inlines: inlined into one method, some of the loops stay scalar.
     */
    static void apply(int n, int[] v) {
        for (int i = 0; i < DOUBLE_ROUNDS; i++) {
            for (QuarterRound quarterRound : DOUBLE_ROUND) {
                quarterRound.apply(n, v);
            }
        }
    }

    private static void column0(int n, int[] v) {
        for (int i = 0; i < n; i++) {
            int a = v[i];
            int b = v[4 * LANES + i];
            int c = v[8 * LANES + i];
            int d = v[12 * LANES + i];
            a += b;
            d = rotateLeft(d ^ a, 16);
            c += d;
            b = rotateLeft(b ^ c, 12);
            a += b;
            d = rotateLeft(d ^ a, 8);
            c += d;
            b = rotateLeft(b ^ c, 7);
            v[i] = a;
            v[4 * LANES + i] = b;
            v[8 * LANES + i] = c;
            v[12 * LANES + i] = d;
        }
    }

    private static void column1(int n, int[] v) {
        for (int i = 0; i < n; i++) {
            int a = v[LANES + i];
            int b = v[5 * LANES + i];
            int c = v[9 * LANES + i];
            int d = v[13 * LANES + i];
            a += b;
            d = rotateLeft(d ^ a, 16);
            c += d;
            b = rotateLeft(b ^ c, 12);
            a += b;
            d = rotateLeft(d ^ a, 8);
            c += d;
            b = rotateLeft(b ^ c, 7);
            v[LANES + i] = a;
            v[5 * LANES + i] = b;
            v[9 * LANES + i] = c;
            v[13 * LANES + i] = d;
        }
    }

    private static void column2(int n, int[] v) {
        for (int i = 0; i < n; i++) {
            int a = v[2 * LANES + i];
            int b = v[6 * LANES + i];
            int c = v[10 * LANES + i];
            int d = v[14 * LANES + i];
            a += b;
            d = rotateLeft(d ^ a, 16);
            c += d;
            b = rotateLeft(b ^ c, 12);
            a += b;
            d = rotateLeft(d ^ a, 8);
            c += d;
            b = rotateLeft(b ^ c, 7);
            v[2 * LANES + i] = a;
            v[6 * LANES + i] = b;
            v[10 * LANES + i] = c;
            v[14 * LANES + i] = d;
        }
    }

    private static void column3(int n, int[] v) {
        for (int i = 0; i < n; i++) {
            int a = v[3 * LANES + i];
            int b = v[7 * LANES + i];
            int c = v[11 * LANES + i];
            int d = v[15 * LANES + i];
            a += b;
            d = rotateLeft(d ^ a, 16);
            c += d;
            b = rotateLeft(b ^ c, 12);
            a += b;
            d = rotateLeft(d ^ a, 8);
            c += d;
            b = rotateLeft(b ^ c, 7);
            v[3 * LANES + i] = a;
            v[7 * LANES + i] = b;
            v[11 * LANES + i] = c;
            v[15 * LANES + i] = d;
        }
    }

    private static void diagonal0(int n, int[] v) {
        for (int i = 0; i < n; i++) {
            int a = v[i];
            int b = v[5 * LANES + i];
            int c = v[10 * LANES + i];
            int d = v[15 * LANES + i];
            a += b;
            d = rotateLeft(d ^ a, 16);
            c += d;
            b = rotateLeft(b ^ c, 12);
            a += b;
            d = rotateLeft(d ^ a, 8);
            c += d;
            b = rotateLeft(b ^ c, 7);
            v[i] = a;
            v[5 * LANES + i] = b;
            v[10 * LANES + i] = c;
            v[15 * LANES + i] = d;
        }
    }

    private static void diagonal1(int n, int[] v) {
        for (int i = 0; i < n; i++) {
            int a = v[LANES + i];
            int b = v[6 * LANES + i];
            int c = v[11 * LANES + i];
            int d = v[12 * LANES + i];
            a += b;
            d = rotateLeft(d ^ a, 16);
            c += d;
            b = rotateLeft(b ^ c, 12);
            a += b;
            d = rotateLeft(d ^ a, 8);
            c += d;
            b = rotateLeft(b ^ c, 7);
            v[LANES + i] = a;
            v[6 * LANES + i] = b;
            v[11 * LANES + i] = c;
            v[12 * LANES + i] = d;
        }
    }

    private static void diagonal2(int n, int[] v) {
        for (int i = 0; i < n; i++) {
            int a = v[2 * LANES + i];
            int b = v[7 * LANES + i];
            int c = v[8 * LANES + i];
            int d = v[13 * LANES + i];
            a += b;
            d = rotateLeft(d ^ a, 16);
            c += d;
            b = rotateLeft(b ^ c, 12);
            a += b;
            d = rotateLeft(d ^ a, 8);
            c += d;
            b = rotateLeft(b ^ c, 7);
            v[2 * LANES + i] = a;
            v[7 * LANES + i] = b;
            v[8 * LANES + i] = c;
            v[13 * LANES + i] = d;
        }
    }

    private static void diagonal3(int n, int[] v) {
        for (int i = 0; i < n; i++) {
            int a = v[3 * LANES + i];
            int b = v[4 * LANES + i];
            int c = v[9 * LANES + i];
            int d = v[14 * LANES + i];
            a += b;
            d = rotateLeft(d ^ a, 16);
            c += d;
            b = rotateLeft(b ^ c, 12);
            a += b;
            d = rotateLeft(d ^ a, 8);
            c += d;
            b = rotateLeft(b ^ c, 7);
            v[3 * LANES + i] = a;
            v[4 * LANES + i] = b;
            v[9 * LANES + i] = c;
            v[14 * LANES + i] = d;
        }
    }
}
