package io.runnel.crypto.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Moves little-endian words between bytes and ints. Reads go by 64-bit views: C2 of JDK 17 miscompiles loops over a
 * 32-bit view of a fresh copy.
 */
final class Words {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Words() {}

    /** Reads {@code 2 * pairs} words. */
    static void read(byte[] in, int at, int[] words, int wordsAt, int pairs) {
        for (int i = 0; i < pairs; i++) {
            long pair = (long) LONG.get(in, at + 8 * i);
            words[wordsAt + 2 * i] = (int) pair;
            words[wordsAt + 2 * i + 1] = (int) (pair >>> 32);
        }
    }

    /** Writes {@code 2 * pairs} words. */
    static void write(int[] words, int wordsAt, byte[] out, int at, int pairs) {
        for (int i = 0; i < pairs; i++) {
            long pair = (words[wordsAt + 2 * i] & 0xFFFFFFFFL) | ((long) words[wordsAt + 2 * i + 1] << 32);
            LONG.set(out, at + 8 * i, pair);
        }
    }
}
