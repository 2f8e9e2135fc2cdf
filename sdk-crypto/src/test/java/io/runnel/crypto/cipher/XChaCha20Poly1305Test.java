package io.runnel.crypto.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.Vectors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class XChaCha20Poly1305Test {
    @Test
    void hChaCha20_publishedVector_matches() {
        JsonNode vector = Vectors.read("xchacha/xchacha_draft03.json").get("hchacha20");
        byte[] subkey = HChaCha20.subkey(Vectors.hex(vector.get("key")), Vectors.hex(vector.get("nonce")));
        assertThat(subkey).isEqualTo(Vectors.hex(vector.get("out")));
    }

    @Test
    void aead_publishedVector_opensAndSeals() throws AuthenticationException {
        JsonNode vector = Vectors.read("xchacha/xchacha_draft03.json").get("aead");
        byte[] plaintext = Vectors.hex(vector.get("Plaintext"));
        byte[] aad = Vectors.hex(vector.get("AAD"));
        byte[] nonce = Vectors.hex(vector.get("IV"));
        byte[] sealed = join(Vectors.hex(vector.get("Ciphertext")), Vectors.hex(vector.get("Tag")));
        try (SecretBytes key = SecretBytes.adopt(Vectors.hex(vector.get("Key")))) {
            assertThat(XChaCha20Poly1305.seal(key, nonce, plaintext, aad)).isEqualTo(sealed);
            assertThat(XChaCha20Poly1305.open(key, nonce, sealed, aad)).isEqualTo(plaintext);
        }
    }

    @Test
    void stream_publishedVectors_match() {
        JsonNode vectors = Vectors.read("xchacha/xchacha_draft03.json");
        JsonNode fromZero = vectors.get("xchacha20_ctr0");
        JsonNode fromOne = vectors.get("xchacha20_ctr1");
        for (JsonNode vector : new JsonNode[] {fromZero, fromOne}) {
            byte[] bytes = Vectors.hex(vector.get("Plaintext"));
            try (SecretBytes key = SecretBytes.adopt(Vectors.hex(vector.get("Key")));
                    var keystream = XChaCha20.keystream(key, Vectors.hex(vector.get("IV")))) {
                keystream.xor(vector.equals(fromOne) ? 1 : 0, bytes, 0, bytes.length);
            }
            assertThat(bytes).isEqualTo(Vectors.hex(vector.get("Ciphertext")));
        }
        byte[] plain = Vectors.hex(fromOne.get("Plaintext"));
        ByteBuffer out = ByteBuffer.allocate(plain.length);
        try (SecretBytes key = SecretBytes.adopt(Vectors.hex(fromOne.get("Key")));
                RangeCipher cipher = new RangeCipher(key, Vectors.hex(fromOne.get("IV")))) {
            cipher.apply(0, ByteBuffer.wrap(plain), out);
        }
        assertThat(out.array()).isEqualTo(Vectors.hex(fromOne.get("Ciphertext")));
    }

    @Test
    void open_anyByteFlipped_isRefused() {
        byte[] nonce = new byte[24];
        byte[] aad = {1, 2, 3};
        try (SecretBytes key = SecretBytes.random(32)) {
            byte[] sealed = XChaCha20Poly1305.seal(key, nonce, new byte[40], aad);
            for (int i = 0; i < sealed.length; i++) {
                byte[] damaged = sealed.clone();
                damaged[i] ^= 0x10;
                assertThatThrownBy(() -> XChaCha20Poly1305.open(key, nonce, damaged, aad))
                        .isInstanceOf(AuthenticationException.class);
            }
            for (int length = 0; length < sealed.length; length++) {
                byte[] cut = Arrays.copyOf(sealed, length);
                assertThatThrownBy(() -> XChaCha20Poly1305.open(key, nonce, cut, aad))
                        .isInstanceOf(AuthenticationException.class);
            }
            assertThatThrownBy(() -> XChaCha20Poly1305.open(key, nonce, sealed, new byte[] {1, 2}))
                    .isInstanceOf(AuthenticationException.class);
        }
    }

    @Test
    void blobEncryptor_randomSizesAndSplits_equalsBouncyCastle() {
        Random random = new Random(20261122);
        for (int round = 0; round < 200; round++) {
            byte[] plain = new byte[round < 130 ? round : random.nextInt(150_000)];
            random.nextBytes(plain);
            byte[] nonce = new byte[24];
            random.nextBytes(nonce);
            try (SecretBytes key = SecretBytes.random(32)) {
                byte[] sealed = encrypted(key, nonce, plain, random);
                assertThat(sealed).isEqualTo(XChaCha20Poly1305.seal(key, nonce, plain, new byte[0]));
                checkRange(key, nonce, plain, sealed, random);
                checkDecryptor(key, nonce, plain, sealed);
            }
        }
    }

    private static byte[] encrypted(SecretBytes key, byte[] nonce, byte[] plain, Random random) {
        ByteBuffer out = ByteBuffer.allocate(plain.length + 16);
        try (BlobEncryptor encryptor = new BlobEncryptor(key, nonce)) {
            for (int at = 0; at < plain.length; ) {
                int take = Math.min(plain.length - at, 1 + random.nextInt(plain.length));
                encryptor.update(ByteBuffer.wrap(plain, at, take), out);
                at += take;
            }
            return out.put(encryptor.finish()).array();
        }
    }

    private static void checkDecryptor(SecretBytes key, byte[] nonce, byte[] plain, byte[] sealed) {
        ByteBuffer out = ByteBuffer.allocate(plain.length);
        byte[] tag = Arrays.copyOfRange(sealed, plain.length, sealed.length);
        try (BlobDecryptor decryptor = new BlobDecryptor(key, nonce);
                BlobDecryptor damaged = new BlobDecryptor(key, nonce)) {
            decryptor.update(ByteBuffer.wrap(sealed, 0, plain.length), out);
            assertThatCode(() -> decryptor.finish(tag)).doesNotThrowAnyException();
            assertThat(out.array()).isEqualTo(plain);
            damaged.update(ByteBuffer.wrap(sealed, 0, plain.length), out.clear());
            tag[plain.length % 16] ^= 1;
            assertThatThrownBy(() -> damaged.finish(tag)).isInstanceOf(AuthenticationException.class);
        }
    }

    private static void checkRange(SecretBytes key, byte[] nonce, byte[] plain, byte[] sealed, Random random) {
        int from = random.nextInt(plain.length + 1);
        int to = from + random.nextInt(plain.length - from + 1);
        ByteBuffer in = ByteBuffer.allocateDirect(to - from)
                .put(sealed, from, to - from)
                .flip();
        ByteBuffer out = ByteBuffer.allocateDirect(to - from);
        try (RangeCipher cipher = new RangeCipher(key, nonce)) {
            cipher.apply(from, in, out);
        }
        assertThat(out.flip()).isEqualTo(ByteBuffer.wrap(plain, from, to - from).slice());
    }

    @Test
    void use_afterClose_isRefused() {
        try (SecretBytes key = SecretBytes.random(32)) {
            RangeCipher cipher = new RangeCipher(key, new byte[24]);
            cipher.close();
            cipher.close();
            assertThatThrownBy(() -> cipher.apply(0, ByteBuffer.allocate(1), ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalStateException.class);
            BlobEncryptor encryptor = new BlobEncryptor(key, new byte[24]);
            encryptor.finish();
            encryptor.close();
            assertThatThrownBy(encryptor::finish).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void apply_outOfRange_isRefused() {
        try (SecretBytes key = SecretBytes.random(32);
                RangeCipher cipher = new RangeCipher(key, new byte[24])) {
            ByteBuffer one = ByteBuffer.allocate(1);
            assertThatThrownBy(() -> cipher.apply(-1, one, ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> cipher.apply(XChaCha20.MAX_PLAINTEXT_BYTES, one, ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalArgumentException.class);
            cipher.apply(XChaCha20.MAX_PLAINTEXT_BYTES - 1, one, ByteBuffer.allocate(1));
            assertThatThrownBy(() -> cipher.apply(0, ByteBuffer.allocate(2), ByteBuffer.allocate(1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] out = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, out, a.length, b.length);
        return out;
    }
}
