package io.runnel.crypto.cipher;

import java.util.Arrays;

/** The tag of a ciphertext with no associated data (RFC 8439 section 2.8). Not thread-safe. */
final class BlobMac implements AutoCloseable {
    private static final int KEY_BYTES = 32;

    private final Poly1305 poly1305;
    private long length;

    /** Keyed by block 0 of the keystream. */
    BlobMac(ChaCha20.Keystream keystream) {
        byte[] key = new byte[KEY_BYTES];
        keystream.xor(0, key, 0, KEY_BYTES);
        poly1305 = new Poly1305(key);
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
        return poly1305.finish();
    }

    @Override
    public void close() {
        poly1305.close();
    }
}
