package io.runnel.crypto.cipher;

import io.runnel.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Encrypts or decrypts any range of a blob's plaintext, without the rest and without a tag: XChaCha20 with block counter
 * {@code 1 + offset / 64}. What is decrypted must have been verified against the blob's tree before. Not thread-safe;
 * several ciphers of one key may run at once.
 */
public final class RangeCipher implements AutoCloseable {
    private static final int SLAB_BYTES = 32 * 1024;

    private final ChaCha20.Keystream keystream;
    private final byte[] slab = new byte[SLAB_BYTES];
    private boolean closed;

    /**
     * A cipher of one blob.
     *
     * @param key 32 bytes; read here and not kept, so it may be closed after
     * @param nonce the blob's first 24 bytes
     */
    public RangeCipher(SecretBytes key, byte[] nonce) {
        this.keystream = XChaCha20.keystream(key, nonce);
    }

    /**
     * Encrypts or decrypts all that remains of {@code in} into {@code out}; both positions advance by that much. They may
     * be the same memory at the same place.
     *
     * @param plaintextOffset where the bytes are in the plaintext, 0 or more
     * @throws IllegalArgumentException if {@code out} has less room than {@code in} holds, or the range ends beyond the
     *     256 GiB that one nonce serves
     * @throws IllegalStateException if closed
     */
    public void apply(long plaintextOffset, ByteBuffer in, ByteBuffer out) {
        if (closed) {
            throw new IllegalStateException("cipher is closed");
        }
        int length = in.remaining();
        if (plaintextOffset < 0 || plaintextOffset > XChaCha20.MAX_PLAINTEXT_BYTES - length) {
            throw new IllegalArgumentException("plaintextOffset: " + plaintextOffset + " is out of range");
        }
        if (out.remaining() < length) {
            throw new IllegalArgumentException("out: room for " + out.remaining() + " bytes, must be " + length);
        }
        long offset = plaintextOffset;
        while (in.hasRemaining()) {
            int lead = (int) (offset % XChaCha20.BLOCK_BYTES);
            int take = Math.min(SLAB_BYTES - lead, in.remaining());
            in.get(slab, lead, take);
            keystream.xor(1 + offset / XChaCha20.BLOCK_BYTES, slab, 0, lead + take);
            out.put(slab, lead, take);
            offset += take;
        }
    }

    /** Wipes the subkey and the last bytes. Idempotent. */
    @Override
    public void close() {
        closed = true;
        keystream.close();
        Arrays.fill(slab, (byte) 0);
    }
}
