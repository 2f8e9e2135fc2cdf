package io.runnel.crypto;

/**
 * An Ed25519 public key (RFC 8032 section 5.1.5). A peer's is also its name in a swarm.
 */
public final class VerifyingKey extends Bytes32 implements Comparable<VerifyingKey> {
    private VerifyingKey(byte[] bytes) {
        super("verifying key", bytes);
    }

    /**
     * The value with these bytes.
     *
     * @param bytes exactly 32 bytes; copied
     * @throws IllegalArgumentException if the length is not 32
     */
    public static VerifyingKey of(byte[] bytes) {
        return new VerifyingKey(bytes);
    }

    /** Orders by the bytes, unsigned. */
    @Override
    public int compareTo(VerifyingKey other) {
        return compareBytes(other);
    }
}
