package io.runnel.crypto.cipher;

import java.util.Arrays;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;

/** The tag of a ciphertext with no associated data (RFC 8439 section 2.8). Not thread-safe. */
final class BlobMac implements AutoCloseable {
    private static final int KEY_BYTES = 32;

    private final Poly1305 poly1305 = new Poly1305();
    private long length;

    /** Keyed by block 0 of the keystream. */
    BlobMac(ChaCha20.Keystream keystream) {
        byte[] key = new byte[KEY_BYTES];
        keystream.xor(0, key, 0, KEY_BYTES);
        init(key);
    }

    private void init(byte[] key) {
        KeyParameter parameter = new KeyParameter(key);
        poly1305.init(parameter);
        Arrays.fill(parameter.getKey(), (byte) 0);
        Arrays.fill(key, (byte) 0);
    }

    void update(byte[] ciphertext, int off, int count) {
        poly1305.update(ciphertext, off, count);
        length += count;
    }

    byte[] finish() {
        int padding = (int) (-length & (XChaCha20.TAG_BYTES - 1));
        poly1305.update(new byte[padding], 0, padding);
        byte[] lengths = new byte[XChaCha20.TAG_BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            lengths[Long.BYTES + i] = (byte) (length >>> (Byte.SIZE * i));
        }
        poly1305.update(lengths, 0, lengths.length);
        byte[] tag = new byte[XChaCha20.TAG_BYTES];
        poly1305.doFinal(tag, 0);
        return tag;
    }

    @Override
    public void close() {
        init(new byte[KEY_BYTES]);
    }
}
