package io.runnel.crypto.cipher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class Poly1305Test {
    @Test
    void finish_rfc8439Vector_matches() {
        byte[] key = HexFormat.of().parseHex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b");
        byte[] message = "Cryptographic Forum Research Group".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(tag(key, message, new Random(1)))
                .isEqualTo(HexFormat.of().parseHex("a8061dc1305136c6c22b8baf0c0127a9"));
    }

    /** Random messages, and those of ones only, which carry furthest. */
    @Test
    void finish_manyMessages_equalsBouncyCastle() {
        long seed = 20261122;
        Random random = new Random(seed);
        for (int call = 0; call < 60_000; call++) {
            byte[] key = new byte[32];
            byte[] message = new byte[random.nextInt(call % 100 == 0 ? 9000 : 130)];
            if (call % 3 == 0) {
                Arrays.fill(message, (byte) 0xFF);
                Arrays.fill(key, random.nextInt(2) * 16, 32, (byte) 0xFF);
            } else {
                random.nextBytes(key);
                random.nextBytes(message);
            }
            byte[] actual = tag(key, message, random);
            if (!Arrays.equals(actual, oracle(key, message))) {
                assertThat(actual).as("seed %d, call %d", seed, call).isEqualTo(oracle(key, message));
            }
        }
    }

    /** RFC 8439 appendix A.3, test vectors 7 to 11: sums at and around 2^130 - 5. */
    @Test
    void finish_sumsAroundTheModulus_areReduced() {
        byte[] one = new byte[32];
        one[0] = 1;
        byte[] two = new byte[32];
        two[0] = 2;
        String ones = "ff".repeat(16);
        assertTag(one, ones + "f0" + "ff".repeat(15) + "11" + "00".repeat(15), "05" + "00".repeat(15));
        assertTag(one, ones + "fb" + "fe".repeat(15) + "01".repeat(16), "00".repeat(16));
        assertTag(two, "fd" + "ff".repeat(15), "fa" + "ff".repeat(15));
    }

    private static void assertTag(byte[] key, String message, String tag) {
        assertThat(tag(key, HexFormat.of().parseHex(message), new Random(1)))
                .isEqualTo(HexFormat.of().parseHex(tag));
    }

    private static byte[] tag(byte[] key, byte[] message, Random random) {
        try (Poly1305 poly1305 = new Poly1305(key)) {
            for (int at = 0; at < message.length; ) {
                int take = Math.min(message.length - at, random.nextInt(40));
                poly1305.update(message, at, take);
                at += take;
            }
            return poly1305.finish();
        }
    }

    private static byte[] oracle(byte[] key, byte[] message) {
        var poly1305 = new org.bouncycastle.crypto.macs.Poly1305();
        poly1305.init(new KeyParameter(key));
        poly1305.update(message, 0, message.length);
        byte[] tag = new byte[16];
        poly1305.doFinal(tag, 0);
        return tag;
    }
}
