package io.runnel.crypto.cipher;

import io.runnel.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Encrypts a blob as it streams by, in constant memory: XChaCha20-Poly1305 with no associated data. The blob is the
 * nonce, then the ciphertext from {@link #update}, then the tag from {@link #finish}. Not thread-safe.
 */
public final class BlobEncryptor implements AutoCloseable {
    private static final int SLAB_BYTES = 32 * 1024;

    private final ChaCha20.Keystream keystream;
    private final BlobMac mac;
    private final byte[] slab = new byte[SLAB_BYTES];
    private long offset;
    private boolean done;

    /**
     * An encryptor of one blob.
     *
     * @param key 32 bytes; read here and not kept
     * @param nonce 24 bytes, never used before with this key
     */
    public BlobEncryptor(SecretBytes key, byte[] nonce) {
        this.keystream = XChaCha20.keystream(key, nonce);
        this.mac = new BlobMac(keystream);
    }

    /**
     * Encrypts all that remains of {@code plain} into {@code cipher}; both positions advance by that much.
     *
     * @throws IllegalArgumentException if {@code cipher} has too little room, or more than 256 GiB are encrypted
     * @throws IllegalStateException if finished or closed
     */
    public void update(ByteBuffer plain, ByteBuffer cipher) {
        checkOpen();
        int length = plain.remaining();
        if (cipher.remaining() < length) {
            throw new IllegalArgumentException("cipher: room for " + cipher.remaining() + " bytes, must be " + length);
        }
        if (length > XChaCha20.MAX_PLAINTEXT_BYTES - offset) {
            throw new IllegalArgumentException("plain: a blob's plaintext ends at " + XChaCha20.MAX_PLAINTEXT_BYTES);
        }
        while (plain.hasRemaining()) {
            int lead = (int) (offset % XChaCha20.BLOCK_BYTES);
            int take = Math.min(SLAB_BYTES - lead, plain.remaining());
            plain.get(slab, lead, take);
            keystream.xor(1 + offset / XChaCha20.BLOCK_BYTES, slab, 0, lead + take);
            mac.update(slab, lead, take);
            cipher.put(slab, lead, take);
            offset += take;
        }
    }

    /**
     * Ends the blob and wipes the keys.
     *
     * @return the tag, 16 bytes
     * @throws IllegalStateException if finished or closed
     */
    public byte[] finish() {
        checkOpen();
        byte[] tag = mac.finish();
        close();
        return tag;
    }

    /** Wipes the keys. Idempotent. */
    @Override
    public void close() {
        done = true;
        keystream.close();
        mac.close();
        Arrays.fill(slab, (byte) 0);
    }

    private void checkOpen() {
        if (done) {
            throw new IllegalStateException("encryptor is finished or closed");
        }
    }
}
