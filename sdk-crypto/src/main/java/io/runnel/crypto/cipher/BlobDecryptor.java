package io.runnel.crypto.cipher;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * Decrypts a whole blob as it streams by, in constant memory, and checks its tag at the end. The plaintext comes out
 * before the tag is checked, so the ciphertext must have been verified against the blob's tree. Not thread-safe.
 */
public final class BlobDecryptor implements AutoCloseable {
    private final BlobStream stream;

    /**
     * A decryptor of one blob.
     *
     * @param key 32 bytes; read here and not kept
     * @param nonce the blob's first 24 bytes
     */
    public BlobDecryptor(SecretBytes key, byte[] nonce) {
        this.stream = new BlobStream(false, key, nonce);
    }

    /**
     * Decrypts all that remains of {@code cipher} into {@code plain}; both positions advance by that much.
     *
     * @param cipher the next of the blob's bytes between nonce and tag
     * @throws IllegalArgumentException if {@code plain} has too little room, or the ciphertext is longer than 256 GiB
     * @throws IllegalStateException if finished or closed
     */
    public void update(ByteBuffer cipher, ByteBuffer plain) {
        stream.update(cipher, plain);
    }

    /**
     * Ends the blob and wipes the keys.
     *
     * @param tag the blob's last 16 bytes
     * @throws AuthenticationException if the tag is not that of the key and the ciphertext
     * @throws IllegalStateException if finished or closed
     */
    public void finish(byte[] tag) throws AuthenticationException {
        if (!MessageDigest.isEqual(stream.finish(), tag)) {
            throw new AuthenticationException();
        }
    }

    /** Wipes the keys. Idempotent. */
    @Override
    public void close() {
        stream.close();
    }
}
