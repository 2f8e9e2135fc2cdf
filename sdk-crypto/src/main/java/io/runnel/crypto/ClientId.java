package io.runnel.crypto;

/**
 * The name of a client as envelopes bind it. Derived from the name the app server knows the client by.
 */
public final class ClientId extends Bytes32 implements Comparable<ClientId> {
    private ClientId(byte[] bytes) {
        super("client id", bytes);
    }

    /**
     * The value with these bytes.
     *
     * @param bytes exactly 32 bytes; copied
     * @throws IllegalArgumentException if the length is not 32
     */
    public static ClientId of(byte[] bytes) {
        return new ClientId(bytes);
    }

    /** Orders by the bytes, unsigned. */
    @Override
    public int compareTo(ClientId other) {
        return compareBytes(other);
    }
}
