package io.runnel.crypto.tree;

import static java.lang.Integer.rotateRight;

/**
 * The seven rounds of the BLAKE3 compression function on up to 256 independent states at once.
 *
 * <p>The form is what C2 of JDK 17 and 25 turns into vector instructions, and little else is: word k of state i is at
 * {@code v[k * LANES + i]}, each mixing of four words is a small method of one loop over the states with constant
 * offsets, and the message words are rows of their own. A whole round in one loop, or offsets in variables, stays
 * scalar and is several times slower. The repetition is the price.
 */
final class LaneRounds {
    /** States at once, at most; also the distance of two words of a state. */
    static final int LANES = 256;

    private static final int ROUNDS = 7;

    private static final int[] PERMUTATION = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};

    private static final Mixing[] MIXINGS = {
        LaneRounds::column0,
        LaneRounds::column1,
        LaneRounds::column2,
        LaneRounds::column3,
        LaneRounds::diagonal0,
        LaneRounds::diagonal1,
        LaneRounds::diagonal2,
        LaneRounds::diagonal3
    };

    private LaneRounds() {}

    /** Mixes two rows of message words into four of the state. */
    @FunctionalInterface
    private interface Mixing {
        void mix(int n, int[] v, int[] x, int[] y);
    }

    /**
     * Applies the rounds to the first {@code n} states. The mixings are called through an interface of eight
     * implementations, which C2 never inlines: inlined here, fifty-six loops take a second to compile and some of them
     * stay scalar.
     *
     * @param m sixteen rows of message words; their order has changed afterwards
     */
    static void apply(int n, int[] v, int[][] m) {
        int[][] permuted = new int[m.length][];
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < MIXINGS.length; i++) {
                MIXINGS[i].mix(n, v, m[2 * i], m[2 * i + 1]);
            }
            for (int i = 0; i < m.length; i++) {
                permuted[i] = m[PERMUTATION[i]];
            }
            System.arraycopy(permuted, 0, m, 0, m.length);
        }
    }

    private static void column0(int n, int[] v, int[] x, int[] y) {
        for (int i = 0; i < n; i++) {
            int a = v[i];
            int b = v[4 * LANES + i];
            int c = v[8 * LANES + i];
            int d = v[12 * LANES + i];
            a += b + x[i];
            d = rotateRight(d ^ a, 16);
            c += d;
            b = rotateRight(b ^ c, 12);
            a += b + y[i];
            d = rotateRight(d ^ a, 8);
            c += d;
            b = rotateRight(b ^ c, 7);
            v[i] = a;
            v[4 * LANES + i] = b;
            v[8 * LANES + i] = c;
            v[12 * LANES + i] = d;
        }
    }

    private static void column1(int n, int[] v, int[] x, int[] y) {
        for (int i = 0; i < n; i++) {
            int a = v[LANES + i];
            int b = v[5 * LANES + i];
            int c = v[9 * LANES + i];
            int d = v[13 * LANES + i];
            a += b + x[i];
            d = rotateRight(d ^ a, 16);
            c += d;
            b = rotateRight(b ^ c, 12);
            a += b + y[i];
            d = rotateRight(d ^ a, 8);
            c += d;
            b = rotateRight(b ^ c, 7);
            v[LANES + i] = a;
            v[5 * LANES + i] = b;
            v[9 * LANES + i] = c;
            v[13 * LANES + i] = d;
        }
    }

    private static void column2(int n, int[] v, int[] x, int[] y) {
        for (int i = 0; i < n; i++) {
            int a = v[2 * LANES + i];
            int b = v[6 * LANES + i];
            int c = v[10 * LANES + i];
            int d = v[14 * LANES + i];
            a += b + x[i];
            d = rotateRight(d ^ a, 16);
            c += d;
            b = rotateRight(b ^ c, 12);
            a += b + y[i];
            d = rotateRight(d ^ a, 8);
            c += d;
            b = rotateRight(b ^ c, 7);
            v[2 * LANES + i] = a;
            v[6 * LANES + i] = b;
            v[10 * LANES + i] = c;
            v[14 * LANES + i] = d;
        }
    }

    private static void column3(int n, int[] v, int[] x, int[] y) {
        for (int i = 0; i < n; i++) {
            int a = v[3 * LANES + i];
            int b = v[7 * LANES + i];
            int c = v[11 * LANES + i];
            int d = v[15 * LANES + i];
            a += b + x[i];
            d = rotateRight(d ^ a, 16);
            c += d;
            b = rotateRight(b ^ c, 12);
            a += b + y[i];
            d = rotateRight(d ^ a, 8);
            c += d;
            b = rotateRight(b ^ c, 7);
            v[3 * LANES + i] = a;
            v[7 * LANES + i] = b;
            v[11 * LANES + i] = c;
            v[15 * LANES + i] = d;
        }
    }

    private static void diagonal0(int n, int[] v, int[] x, int[] y) {
        for (int i = 0; i < n; i++) {
            int a = v[i];
            int b = v[5 * LANES + i];
            int c = v[10 * LANES + i];
            int d = v[15 * LANES + i];
            a += b + x[i];
            d = rotateRight(d ^ a, 16);
            c += d;
            b = rotateRight(b ^ c, 12);
            a += b + y[i];
            d = rotateRight(d ^ a, 8);
            c += d;
            b = rotateRight(b ^ c, 7);
            v[i] = a;
            v[5 * LANES + i] = b;
            v[10 * LANES + i] = c;
            v[15 * LANES + i] = d;
        }
    }

    private static void diagonal1(int n, int[] v, int[] x, int[] y) {
        for (int i = 0; i < n; i++) {
            int a = v[LANES + i];
            int b = v[6 * LANES + i];
            int c = v[11 * LANES + i];
            int d = v[12 * LANES + i];
            a += b + x[i];
            d = rotateRight(d ^ a, 16);
            c += d;
            b = rotateRight(b ^ c, 12);
            a += b + y[i];
            d = rotateRight(d ^ a, 8);
            c += d;
            b = rotateRight(b ^ c, 7);
            v[LANES + i] = a;
            v[6 * LANES + i] = b;
            v[11 * LANES + i] = c;
            v[12 * LANES + i] = d;
        }
    }

    private static void diagonal2(int n, int[] v, int[] x, int[] y) {
        for (int i = 0; i < n; i++) {
            int a = v[2 * LANES + i];
            int b = v[7 * LANES + i];
            int c = v[8 * LANES + i];
            int d = v[13 * LANES + i];
            a += b + x[i];
            d = rotateRight(d ^ a, 16);
            c += d;
            b = rotateRight(b ^ c, 12);
            a += b + y[i];
            d = rotateRight(d ^ a, 8);
            c += d;
            b = rotateRight(b ^ c, 7);
            v[2 * LANES + i] = a;
            v[7 * LANES + i] = b;
            v[8 * LANES + i] = c;
            v[13 * LANES + i] = d;
        }
    }

    private static void diagonal3(int n, int[] v, int[] x, int[] y) {
        for (int i = 0; i < n; i++) {
            int a = v[3 * LANES + i];
            int b = v[4 * LANES + i];
            int c = v[9 * LANES + i];
            int d = v[14 * LANES + i];
            a += b + x[i];
            d = rotateRight(d ^ a, 16);
            c += d;
            b = rotateRight(b ^ c, 12);
            a += b + y[i];
            d = rotateRight(d ^ a, 8);
            c += d;
            b = rotateRight(b ^ c, 7);
            v[3 * LANES + i] = a;
            v[4 * LANES + i] = b;
            v[9 * LANES + i] = c;
            v[14 * LANES + i] = d;
        }
    }
}
