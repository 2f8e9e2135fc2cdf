package io.runnel.fetch;

/**
 * A stretch of a blob's plaintext, {@code [offset, offset + length)}.
 *
 * @param offset first byte, at least 0
 * @param length number of bytes, at least 0
 */
public record ByteRange(long offset, long length) {
    /** Rejects negative values and an end beyond {@code Long.MAX_VALUE}. */
    public ByteRange {
        if (offset < 0 || length < 0 || offset + length < 0) {
            throw new IllegalArgumentException("byte range: offset " + offset + " and length " + length
                    + " must not be negative, nor their sum overflow");
        }
    }

    /** The offset after the last byte. */
    public long end() {
        return offset + length;
    }
}
