package io.runnel.crypto;

/**
 * The name of a swarm on the wire: derived from a secret of the collection and the blob id, so that a tracker or an
 * outsider cannot tell which blob it is.
 */
public final class SwarmId extends Bytes32 implements Comparable<SwarmId> {
    private SwarmId(byte[] bytes) {
        super("swarm id", bytes);
    }

    /**
     * The value with these bytes.
     *
     * @param bytes exactly 32 bytes; copied
     * @throws IllegalArgumentException if the length is not 32
     */
    public static SwarmId of(byte[] bytes) {
        return new SwarmId(bytes);
    }

    /** Orders by the bytes, unsigned. */
    @Override
    public int compareTo(SwarmId other) {
        return compareBytes(other);
    }
}
