package io.runnel.crypto.cipher;

import java.io.Serial;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.ChaCha20ParameterSpec;

/** ChaCha20 by the JDK's own provider, which has an intrinsic for it from JDK 20 on. */
final class JceChaCha20 implements ChaCha20 {
    private static final String ALGORITHM = "ChaCha20";
    private static final String PROVIDER = "SunJCE";
    private static final byte[] OTHER_NONCE = HexFormat.of().parseHex("ff".repeat(12));

    @Override
    public String name() {
        return "jce";
    }

    @Override
    public Keystream keystream(byte[] key, byte[] nonce) {
        try {
            return new Stream(key, nonce);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ChaCha20 of the JDK is not usable", e);
        }
    }

    private static final class Stream implements Keystream {
        private final Cipher cipher;
        private final WipedKey key;
        private final WipedKey zero = new WipedKey(new byte[XChaCha20.KEY_BYTES]);
        private final byte[] nonce;

        Stream(byte[] key, byte[] nonce) throws GeneralSecurityException {
            this.cipher = Cipher.getInstance(ALGORITHM, PROVIDER);
            this.key = new WipedKey(key.clone());
            this.nonce = nonce.clone();
        }

        /** The cipher refuses the key and nonce it had last; so another key comes between, which wipes this one too. */
        @Override
        public void xor(long block, byte[] bytes, int off, int length) {
            try {
                cipher.init(Cipher.ENCRYPT_MODE, key, new ChaCha20ParameterSpec(nonce, (int) block));
                cipher.update(bytes, off, length, bytes, off);
                cipher.init(Cipher.ENCRYPT_MODE, zero, new ChaCha20ParameterSpec(OTHER_NONCE, 0));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("ChaCha20 of the JDK failed", e);
            }
        }

        @Override
        public void close() {
            Arrays.fill(key.bytes, (byte) 0);
        }
    }

    /** A key that can be wiped, which {@code SecretKeySpec} cannot. The cipher wipes the copies it takes. */
    private static final class WipedKey implements SecretKey {
        @Serial
        private static final long serialVersionUID = 1L;

        private final transient byte[] bytes;

        WipedKey(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public String getAlgorithm() {
            return ALGORITHM;
        }

        @Override
        public String getFormat() {
            return "RAW";
        }

        @Override
        public byte[] getEncoded() {
            return bytes.clone();
        }
    }
}
