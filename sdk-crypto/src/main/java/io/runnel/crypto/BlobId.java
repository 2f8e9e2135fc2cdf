package io.runnel.crypto;

/**
 * The name of a blob: the BLAKE3-256 hash of its bytes ({@code nonce || ciphertext || tag}). Its text form is 64
 * lower-case hexadecimal digits.
 */
public final class BlobId extends Bytes32 implements Comparable<BlobId> {
    private BlobId(byte[] bytes) {
        super("blob id", bytes);
    }

    /**
     * The value with these bytes.
     *
     * @param bytes exactly 32 bytes; copied
     * @throws IllegalArgumentException if the length is not 32
     */
    public static BlobId of(byte[] bytes) {
        return new BlobId(bytes);
    }

    /**
     * The value with this text form.
     *
     * @param text 64 lower-case hexadecimal digits
     * @throws IllegalArgumentException if the text is anything else
     */
    public static BlobId parse(String text) {
        return new BlobId(parseHex("blob id", text));
    }

    /** Orders by the bytes, unsigned. */
    @Override
    public int compareTo(BlobId other) {
        return compareBytes(other);
    }
}
