package io.runnel.crypto;

import java.util.Arrays;
import java.util.HexFormat;

/** Thirty-two public bytes with a meaning. Immutable; equal only to a value of the same class with the same bytes. */
public abstract sealed class Bytes32 permits BlobId, ClientId, CollectionScope, SwarmId, VerifyingKey {
    /** Length in bytes. */
    public static final int BYTES = 32;

    private final byte[] bytes;
    private final int hash;

    Bytes32(String name, byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException(name + ": " + bytes.length + " bytes, must be " + BYTES);
        }
        this.bytes = bytes.clone();
        this.hash = Arrays.hashCode(bytes);
    }

    static byte[] parseHex(String name, String text) {
        if (text.length() != 2 * BYTES || !text.chars().allMatch(Bytes32::isLowerHex)) {
            throw new IllegalArgumentException(name + ": must be 64 lower-case hexadecimal digits");
        }
        return HexFormat.of().parseHex(text);
    }

    private static boolean isLowerHex(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    /** A copy of the 32 bytes. */
    public final byte[] bytes() {
        return bytes.clone();
    }

    final int compareBytes(Bytes32 other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public final boolean equals(Object other) {
        return this == other
                || (other instanceof Bytes32 that && getClass() == that.getClass() && Arrays.equals(bytes, that.bytes));
    }

    @Override
    public final int hashCode() {
        return hash;
    }

    /** The 64 lower-case hexadecimal digits. */
    @Override
    public final String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
