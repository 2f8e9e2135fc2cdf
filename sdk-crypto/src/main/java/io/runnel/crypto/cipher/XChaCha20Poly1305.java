package io.runnel.crypto.cipher;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.SecretBytes;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) of short messages, by Bouncy Castle. It does not commit to its key: a
 * ciphertext may open under several keys made for it. Safe on any thread.
 */
public final class XChaCha20Poly1305 {
    /** Length of a key in bytes. */
    public static final int KEY_BYTES = XChaCha20.KEY_BYTES;

    /** Length of a nonce in bytes; drawn at random it will not repeat. */
    public static final int NONCE_BYTES = XChaCha20.NONCE_BYTES;

    /** Length of the tag after the ciphertext in bytes. */
    public static final int TAG_BYTES = XChaCha20.TAG_BYTES;

    private XChaCha20Poly1305() {}

    /**
     * Encrypts and authenticates.
     *
     * @param nonce 24 bytes, never used before with this key
     * @param aad authenticated but not encrypted, may be empty
     * @return ciphertext and tag, 16 bytes longer than the plaintext
     */
    public static byte[] seal(SecretBytes key, byte[] nonce, byte[] plaintext, byte[] aad) {
        try {
            return process(true, key, nonce, plaintext, aad);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("sealing cannot fail to authenticate", e);
        }
    }

    /**
     * Decrypts what is authentic.
     *
     * @param sealed ciphertext and tag, as {@link #seal} gives them
     * @return the plaintext, owned by the caller, who wipes it if it is secret
     * @throws AuthenticationException if key, nonce, ciphertext or associated data are others than at sealing
     */
    public static byte[] open(SecretBytes key, byte[] nonce, byte[] sealed, byte[] aad) throws AuthenticationException {
        if (sealed.length < TAG_BYTES) {
            throw new AuthenticationException();
        }
        try {
            return process(false, key, nonce, sealed, aad);
        } catch (InvalidCipherTextException e) {
            throw new AuthenticationException();
        }
    }

    private static byte[] process(boolean seal, SecretBytes key, byte[] nonce, byte[] in, byte[] aad)
            throws InvalidCipherTextException {
        XChaCha20.check(key, nonce);
        var cipher = new org.bouncycastle.crypto.modes.XChaCha20Poly1305();
        KeyParameter parameter = key.read(KeyParameter::new);
        byte[] out = new byte[seal ? in.length + TAG_BYTES : in.length - TAG_BYTES];
        try {
            cipher.init(seal, new AEADParameters(parameter, TAG_BYTES * Byte.SIZE, nonce));
            cipher.processAADBytes(aad, 0, aad.length);
            int done = cipher.processBytes(in, 0, in.length, out, 0);
            cipher.doFinal(out, done);
            return out;
        } catch (InvalidCipherTextException e) {
            Arrays.fill(out, (byte) 0);
            throw e;
        } finally {
            Arrays.fill(parameter.getKey(), (byte) 0);
            forget(cipher);
        }
    }

    /** Displaces the key that the cipher keeps a copy of. */
    private static void forget(org.bouncycastle.crypto.modes.XChaCha20Poly1305 cipher) {
        KeyParameter zero = new KeyParameter(new byte[KEY_BYTES]);
        cipher.init(false, new AEADParameters(zero, TAG_BYTES * Byte.SIZE, new byte[NONCE_BYTES]));
    }
}
