package io.runnel.crypto.hash;

import java.nio.charset.StandardCharsets;

/**
 * BLAKE3 (BLAKE3 paper section 2) of short inputs: hash, keyed hash and key derivation, each with 32 bytes of output.
 * Several inputs are hashed as if joined, so every caller fixes the length of all but one of them. Safe on any thread.
 */
public final class Blake3 {
    /** Length of every output, and of a key, in bytes. */
    public static final int BYTES = 32;

    /** More than one block, so that it displaces what was hashed last from the hasher's buffer. */
    private static final byte[] DISPLACING = new byte[65];

    private Blake3() {}

    /** The hash of the data joined; 32 bytes owned by the caller. */
    public static byte[] hash(byte[]... data) {
        return finish(org.apache.commons.codec.digest.Blake3.initHash(), data);
    }

    /**
     * A key derived from secret material (mode derive_key).
     *
     * @param context a hard-coded, globally unique text with the application and the purpose
     * @param material the secret input, joined; neither kept nor changed
     * @return 32 bytes owned by the caller, who wipes them
     */
    public static byte[] deriveKey(String context, byte[]... material) {
        byte[] contextBytes = context.getBytes(StandardCharsets.UTF_8);
        return finish(org.apache.commons.codec.digest.Blake3.initKeyDerivationFunction(contextBytes), material);
    }

    /**
     * The keyed hash of the data joined.
     *
     * @param key exactly 32 bytes; neither kept nor changed
     * @return 32 bytes owned by the caller
     * @throws IllegalArgumentException if the key has another length
     */
    public static byte[] keyedHash(byte[] key, byte[]... data) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException("key: " + key.length + " bytes, must be " + BYTES);
        }
        return finish(org.apache.commons.codec.digest.Blake3.initKeyedHash(key), data);
    }

    private static byte[] finish(org.apache.commons.codec.digest.Blake3 hasher, byte[]... data) {
        for (byte[] part : data) {
            hasher.update(part);
        }
        byte[] out = hasher.doFinalize(BYTES);
        hasher.update(DISPLACING);
        return out;
    }
}
