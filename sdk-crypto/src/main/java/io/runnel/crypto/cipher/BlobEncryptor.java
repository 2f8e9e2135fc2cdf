package io.runnel.crypto.cipher;

import io.runnel.crypto.SecretBytes;
import java.nio.ByteBuffer;

/**
 * Encrypts a blob as it streams by, in constant memory: XChaCha20-Poly1305 with no associated data. The blob is the
 * nonce, then the ciphertext from {@link #update}, then the tag from {@link #finish}. Not thread-safe.
 */
public final class BlobEncryptor implements AutoCloseable {
    private final BlobStream stream;

    /**
     * An encryptor of one blob.
     *
     * @param key 32 bytes; read here and not kept
     * @param nonce 24 bytes, never used before with this key
     */
    public BlobEncryptor(SecretBytes key, byte[] nonce) {
        this.stream = new BlobStream(true, key, nonce);
    }

    /**
     * Encrypts all that remains of {@code plain} into {@code cipher}; both positions advance by that much.
     *
     * @throws IllegalArgumentException if {@code cipher} has too little room, or more than 256 GiB are encrypted
     * @throws IllegalStateException if finished or closed
     */
    public void update(ByteBuffer plain, ByteBuffer cipher) {
        stream.update(plain, cipher);
    }

    /**
     * Ends the blob and wipes the keys.
     *
     * @return the tag, 16 bytes
     * @throws IllegalStateException if finished or closed
     */
    public byte[] finish() {
        return stream.finish();
    }

    /** Wipes the keys. Idempotent. */
    @Override
    public void close() {
        stream.close();
    }
}
