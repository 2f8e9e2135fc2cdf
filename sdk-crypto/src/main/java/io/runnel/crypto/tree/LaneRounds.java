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

    private LaneRounds() {}

    /**
     * Applies the rounds to the first {@code n} states.
     *
     * @param m sixteen rows of message words
     */
    static void apply(int n, int[] v, int[][] m) {
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
        column0(n, v, m0, m1);
        column1(n, v, m2, m3);
        column2(n, v, m4, m5);
        column3(n, v, m6, m7);
        diagonal0(n, v, m8, m9);
        diagonal1(n, v, m10, m11);
        diagonal2(n, v, m12, m13);
        diagonal3(n, v, m14, m15);
        column0(n, v, m2, m6);
        column1(n, v, m3, m10);
        column2(n, v, m7, m0);
        column3(n, v, m4, m13);
        diagonal0(n, v, m1, m11);
        diagonal1(n, v, m12, m5);
        diagonal2(n, v, m9, m14);
        diagonal3(n, v, m15, m8);
        column0(n, v, m3, m4);
        column1(n, v, m10, m12);
        column2(n, v, m13, m2);
        column3(n, v, m7, m14);
        diagonal0(n, v, m6, m5);
        diagonal1(n, v, m9, m0);
        diagonal2(n, v, m11, m15);
        diagonal3(n, v, m8, m1);
        column0(n, v, m10, m7);
        column1(n, v, m12, m9);
        column2(n, v, m14, m3);
        column3(n, v, m13, m15);
        diagonal0(n, v, m4, m0);
        diagonal1(n, v, m11, m2);
        diagonal2(n, v, m5, m8);
        diagonal3(n, v, m1, m6);
        column0(n, v, m12, m13);
        column1(n, v, m9, m11);
        column2(n, v, m15, m10);
        column3(n, v, m14, m8);
        diagonal0(n, v, m7, m2);
        diagonal1(n, v, m5, m3);
        diagonal2(n, v, m0, m1);
        diagonal3(n, v, m6, m4);
        column0(n, v, m9, m14);
        column1(n, v, m11, m5);
        column2(n, v, m8, m12);
        column3(n, v, m15, m1);
        diagonal0(n, v, m13, m3);
        diagonal1(n, v, m0, m10);
        diagonal2(n, v, m2, m6);
        diagonal3(n, v, m4, m7);
        column0(n, v, m11, m15);
        column1(n, v, m5, m0);
        column2(n, v, m1, m9);
        column3(n, v, m8, m6);
        diagonal0(n, v, m14, m10);
        diagonal1(n, v, m2, m12);
        diagonal2(n, v, m3, m4);
        diagonal3(n, v, m7, m13);
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
