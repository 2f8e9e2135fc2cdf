package io.runnel.crypto.tree;

/**
 * A run of bytes in an outboard.
 *
 * @param offset of its first byte, 0 or more
 * @param length in bytes, at least 1
 */
public record Stretch(long offset, int length) {
    /** Rejects a negative offset and an empty run. */
    public Stretch {
        if (offset < 0 || length < 1) {
            throw new IllegalArgumentException("stretch: offset " + offset + ", length " + length);
        }
    }
}
