package io.runnel.crypto.cipher;

import io.runnel.crypto.SecretBytes;
import java.util.Arrays;

/** The parts of XChaCha20 that its users share: lengths, and the step from key and nonce to a ChaCha20 keystream. */
final class XChaCha20 {
    static final int KEY_BYTES = 32;
    static final int NONCE_BYTES = 24;
    static final int TAG_BYTES = 16;
    static final int BLOCK_BYTES = 64;

    /** Of 2^32 blocks the first makes the Poly1305 key, and the last is left out: some providers step beyond it. */
    static final long MAX_PLAINTEXT_BYTES = 0xFFFF_FFFEL * BLOCK_BYTES;

    private static final int SUBKEY_NONCE_BYTES = 16;

    private XChaCha20() {}

    static ChaCha20.Keystream keystream(SecretBytes key, byte[] nonce) {
        check(key, nonce);
        byte[] subkey = key.read(bytes -> HChaCha20.subkey(bytes, nonce));
        byte[] shortNonce = new byte[12];
        System.arraycopy(nonce, SUBKEY_NONCE_BYTES, shortNonce, 4, NONCE_BYTES - SUBKEY_NONCE_BYTES);
        try {
            return ChaCha20Choice.chosen().keystream(subkey, shortNonce);
        } finally {
            Arrays.fill(subkey, (byte) 0);
        }
    }

    static void check(SecretBytes key, byte[] nonce) {
        if (key.size() != KEY_BYTES) {
            throw new IllegalArgumentException("key: " + key.size() + " bytes, must be " + KEY_BYTES);
        }
        if (nonce.length != NONCE_BYTES) {
            throw new IllegalArgumentException("nonce: " + nonce.length + " bytes, must be " + NONCE_BYTES);
        }
    }
}
