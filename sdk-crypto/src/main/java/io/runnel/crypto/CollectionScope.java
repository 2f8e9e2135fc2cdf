package io.runnel.crypto;

/**
 * The set of swarms a peer credential admits to: all of one collection. Derived from the collection's secret, of which it
 * tells nothing.
 */
public final class CollectionScope extends Bytes32 implements Comparable<CollectionScope> {
    private CollectionScope(byte[] bytes) {
        super("collection scope", bytes);
    }

    /**
     * The value with these bytes.
     *
     * @param bytes exactly 32 bytes; copied
     * @throws IllegalArgumentException if the length is not 32
     */
    public static CollectionScope of(byte[] bytes) {
        return new CollectionScope(bytes);
    }

    /** Orders by the bytes, unsigned. */
    @Override
    public int compareTo(CollectionScope other) {
        return compareBytes(other);
    }
}
