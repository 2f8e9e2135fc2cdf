package io.runnel.crypto.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChaCha20ProvidersTest {
    private static final List<ChaCha20> ALL = ChaCha20Choice.candidates(17, "amd64");

    private static ChaCha20 named(String name) {
        return ALL.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    }

    /** Hot code, odd lengths and offsets, all counters, against Bouncy Castle. */
    @ParameterizedTest
    @ValueSource(strings = {"lanes", "jce"})
    void xor_manyRandomCalls_equalsBouncyCastle(String name) {
        long seed = 20261122;
        Random random = new Random(seed);
        ChaCha20 oracle = named("bouncycastle");
        for (int i = 0; i < 40; i++) {
            byte[] key = new byte[32];
            byte[] nonce = new byte[12];
            random.nextBytes(key);
            random.nextBytes(nonce);
            try (ChaCha20.Keystream one = named(name).keystream(key, nonce);
                    ChaCha20.Keystream other = oracle.keystream(key, nonce)) {
                for (int call = 0; call < 400; call++) {
                    int length = random.nextInt(call % 20 == 0 ? 70_000 : 700);
                    int off = random.nextInt(40);
                    byte[] expected = new byte[off + length + random.nextInt(40)];
                    random.nextBytes(expected);
                    byte[] actual = expected.clone();
                    long block = call % 2 == 0 ? random.nextInt(100) : random.nextLong(0xFFFF_FFFFL - 1200);
                    one.xor(block, actual, off, length);
                    other.xor(block, expected, off, length);
                    if (!Arrays.equals(actual, expected)) {
                        assertThat(actual).as("seed %d, call %d", seed, call).isEqualTo(expected);
                    }
                }
            }
        }
    }

    @Test
    void works_allProviders_passTheKnownAnswer() {
        assertThat(ALL).hasSize(3).allMatch(ChaCha20Choice::works);
    }

    @Test
    void choose_byJdkAndProperty_takesTheFirstThatWorks() {
        assertThat(ChaCha20Choice.choose("", ALL).name()).isEqualTo("lanes");
        assertThat(ChaCha20Choice.choose("", ChaCha20Choice.candidates(25, "amd64"))
                        .name())
                .isEqualTo("jce");
        assertThat(ChaCha20Choice.choose("", ChaCha20Choice.candidates(25, "riscv64"))
                        .name())
                .isEqualTo("lanes");
        assertThat(ChaCha20Choice.choose("bouncycastle", ALL).name()).isEqualTo("bouncycastle");
        assertThat(ChaCha20Choice.choose("no such", ALL).name()).isEqualTo("lanes");
    }

    @Test
    void choose_providerThatIsWrong_isPassedOver() {
        ChaCha20 wrong = new ChaCha20() {
            @Override
            public String name() {
                return "wrong";
            }

            @Override
            public Keystream keystream(byte[] key, byte[] nonce) {
                throw new IllegalStateException("not usable");
            }
        };
        assertThat(ChaCha20Choice.choose("wrong", List.of(wrong, named("jce"))).name())
                .isEqualTo("jce");
        assertThatThrownBy(() -> ChaCha20Choice.choose("", List.of(wrong))).isInstanceOf(IllegalStateException.class);
    }
}
