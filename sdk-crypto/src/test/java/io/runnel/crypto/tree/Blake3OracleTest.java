package io.runnel.crypto.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.hash.Blake3;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.crypto.digests.Blake3Digest;
import org.bouncycastle.crypto.params.Blake3Parameters;
import org.junit.jupiter.api.Test;

/**
 * Three implementations against each other, for several hundred thousand calls in one JVM, because C2 of JDK 17
 * miscompiles some innocent loops only once they are hot.
 */
class Blake3OracleTest {
    private static final int CALLS = 300_000;
    private static final int CALLS_ALL_MODES = 30_000;
    private static final long SEED = 20261122;

    @Test
    void subtree_hundredsOfThousandsOfCalls_equalsCommonsCodecAndBouncyCastle() {
        Random random = new Random(SEED);
        ScalarHasher scalar = new ScalarHasher();
        Blake3Digest bouncyCastle = new Blake3Digest(256);
        byte[] in = new byte[9000];
        random.nextBytes(in);
        int[] cv = new int[8];
        byte[] actual = new byte[32];
        byte[] expected = new byte[32];
        for (int call = 0; call < CALLS; call++) {
            int length = random.nextInt(call % 50 == 0 ? 8200 : 200);
            int off = random.nextInt(in.length - length);
            in[off]++;
            scalar.subtree(in, off, length, 0, true, cv, 0);
            Words.write(cv, 0, actual, 0, 4);
            if (call % 2 == 0) {
                bouncyCastle.update(in, off, length);
                bouncyCastle.doFinal(expected, 0);
            } else {
                expected = Blake3.hash(Arrays.copyOfRange(in, off, off + length));
            }
            if (!Arrays.equals(actual, expected)) {
                assertThat(actual)
                        .as("seed %d, call %d, length %d", SEED, call, length)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void keyedHashAndDeriveKey_manyRandomLengths_equalBouncyCastle() {
        Random random = new Random(SEED);
        for (int call = 0; call < CALLS_ALL_MODES; call++) {
            byte[] in = new byte[random.nextInt(call % 50 == 0 ? 5000 : 200)];
            random.nextBytes(in);
            byte[] key = new byte[32];
            random.nextBytes(key);
            String context = "context " + call % 10;
            assertEqual(call, Blake3.hash(in), bouncyCastle(null, in));
            assertEqual(call, Blake3.keyedHash(key, in), bouncyCastle(Blake3Parameters.key(key), in));
            byte[] contextBytes = context.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            assertEqual(call, Blake3.deriveKey(context, in), bouncyCastle(Blake3Parameters.context(contextBytes), in));
        }
    }

    private static byte[] bouncyCastle(Blake3Parameters mode, byte[] in) {
        Blake3Digest digest = new Blake3Digest(256);
        if (mode != null) {
            digest.init(mode);
        }
        digest.update(in, 0, in.length);
        byte[] out = new byte[32];
        digest.doFinal(out, 0);
        return out;
    }

    private static void assertEqual(int call, byte[] actual, byte[] expected) {
        if (!Arrays.equals(actual, expected)) {
            assertThat(actual).as("seed %d, call %d", SEED, call).isEqualTo(expected);
        }
    }
}
