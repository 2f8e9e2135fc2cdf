package io.runnel.crypto.cipher;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** ChaCha20 in plain Java, many blocks at once: the fastest on JDKs that have no intrinsic for it. */
final class LanesChaCha20 implements ChaCha20 {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LANES = ChaChaLanes.LANES;
    private static final int BLOCK_BYTES = 64;
    private static final int BLOCK_WORDS = 16;
    private static final int COUNTER = 12;
    private static final int[] CONSTANTS = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

    @Override
    public String name() {
        return "lanes";
    }

    @Override
    public Keystream keystream(byte[] key, byte[] nonce) {
        return new Stream(key, nonce);
    }

    private static final class Stream implements Keystream {
        private final int[] start = new int[BLOCK_WORDS];
        private final int[] v = new int[BLOCK_WORDS * LANES];
        private final byte[] rest = new byte[BLOCK_BYTES];

        Stream(byte[] key, byte[] nonce) {
            System.arraycopy(CONSTANTS, 0, start, 0, CONSTANTS.length);
            for (int i = 0; i < 8; i++) {
                start[4 + i] = word(key, 4 * i);
            }
            for (int i = 0; i < 3; i++) {
                start[COUNTER + 1 + i] = word(nonce, 4 * i);
            }
        }

        @Override
        public void xor(long block, byte[] bytes, int off, int length) {
            int whole = length / BLOCK_BYTES;
            for (int done = 0; done < whole; done += LANES) {
                blocks(Math.min(LANES, whole - done), (int) (block + done), bytes, off + done * BLOCK_BYTES);
            }
            int tail = length - whole * BLOCK_BYTES;
            if (tail > 0) {
                int at = off + whole * BLOCK_BYTES;
                System.arraycopy(bytes, at, rest, 0, tail);
                blocks(1, (int) (block + whole), rest, 0);
                System.arraycopy(rest, 0, bytes, at, tail);
            }
        }

        private void blocks(int n, int counter, byte[] bytes, int off) {
            for (int word = 0; word < BLOCK_WORDS; word++) {
                Arrays.fill(v, word * LANES, word * LANES + n, start[word]);
            }
            for (int i = 0; i < n; i++) {
                v[COUNTER * LANES + i] = counter + i;
            }
            ChaChaLanes.apply(n, v);
            for (int word = 0; word < BLOCK_WORDS; word++) {
                add(v, word * LANES, n, start[word]);
            }
            for (int i = 0; i < n; i++) {
                v[COUNTER * LANES + i] += counter + i;
            }
            xorOut(n, v, bytes, off);
        }

        private static void add(int[] v, int at, int n, int word) {
            for (int i = at; i < at + n; i++) {
                v[i] += word;
            }
        }

        /** Transposes the blocks back, in one pass. */
        private static void xorOut(int n, int[] v, byte[] bytes, int off) {
            for (int i = 0; i < n; i++) {
                int at = off + i * BLOCK_BYTES;
                xorPair(bytes, at, v[i], v[LANES + i]);
                xorPair(bytes, at + 8, v[2 * LANES + i], v[3 * LANES + i]);
                xorPair(bytes, at + 16, v[4 * LANES + i], v[5 * LANES + i]);
                xorPair(bytes, at + 24, v[6 * LANES + i], v[7 * LANES + i]);
                xorPair(bytes, at + 32, v[8 * LANES + i], v[9 * LANES + i]);
                xorPair(bytes, at + 40, v[10 * LANES + i], v[11 * LANES + i]);
                xorPair(bytes, at + 48, v[12 * LANES + i], v[13 * LANES + i]);
                xorPair(bytes, at + 56, v[14 * LANES + i], v[15 * LANES + i]);
            }
        }

        private static void xorPair(byte[] bytes, int at, int low, int high) {
            LONG.set(bytes, at, (long) LONG.get(bytes, at) ^ ((low & 0xFFFFFFFFL) | ((long) high << 32)));
        }

        @Override
        public void close() {
            Arrays.fill(start, 0);
            Arrays.fill(v, 0);
            Arrays.fill(rest, (byte) 0);
        }

        private static int word(byte[] in, int at) {
            return (in[at] & 0xFF) | (in[at + 1] & 0xFF) << 8 | (in[at + 2] & 0xFF) << 16 | in[at + 3] << 24;
        }
    }
}
