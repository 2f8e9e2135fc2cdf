package io.runnel.crypto.identity;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/** The random number by which a peer credential is known and revoked: 16 bytes. Immutable. */
public final class CredentialSerial {
    /** Length in bytes. */
    public static final int BYTES = 16;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] bytes;

    private CredentialSerial(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A fresh serial. */
    public static CredentialSerial random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new CredentialSerial(bytes);
    }

    /**
     * The serial with these bytes.
     *
     * @param bytes exactly 16, copied
     */
    public static CredentialSerial of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("serial: " + bytes.length + " bytes, must be " + BYTES);
        }
        return new CredentialSerial(bytes.clone());
    }

    /** A copy of the 16 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CredentialSerial that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The 32 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
