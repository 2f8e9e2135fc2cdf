package io.runnel.crypto;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Secret bytes with an owner that wipes them. They are reachable only through {@link #read}, are never printed, and are
 * overwritten with zeros by {@link #close}. Safe for use on any thread: a read and a close exclude each other.
 */
public final class SecretBytes implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] bytes;
    private boolean closed;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A secret holding a copy of the given bytes; the caller still owns, and should wipe, its array. */
    public static SecretBytes copyOf(byte[] bytes) {
        return new SecretBytes(bytes.clone());
    }

    /** A secret that takes the given array over; the caller must not touch it again. */
    public static SecretBytes adopt(byte[] bytes) {
        return new SecretBytes(bytes);
    }

    /**
     * A fresh secret from the system's random generator.
     *
     * @param size length in bytes, at least 1
     */
    public static SecretBytes random(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("size: " + size + ", must be at least 1");
        }
        byte[] bytes = new byte[size];
        RANDOM.nextBytes(bytes);
        return new SecretBytes(bytes);
    }

    /** Length in bytes; readable after close too. */
    public int size() {
        return bytes.length;
    }

    /** Whether the bytes have been wiped. */
    public synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Lends the live array to {@code use} and returns its result. The array must be neither kept nor changed.
     *
     * @throws IllegalStateException if this secret is closed
     */
    public synchronized <R> R read(Function<byte[], R> use) {
        if (closed) {
            throw new IllegalStateException("secret is closed");
        }
        return use.apply(bytes);
    }

    /** An independent copy with a life of its own. */
    public SecretBytes copy() {
        return read(SecretBytes::copyOf);
    }

    /** Overwrites the bytes with zeros. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    /** Equality in constant time for equal lengths. A closed secret equals only itself. */
    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof SecretBytes that) || isClosed() || that.isClosed()) {
            return false;
        }
        byte[] mine = read(byte[]::clone);
        try {
            return that.read(theirs -> MessageDigest.isEqual(mine, theirs));
        } finally {
            Arrays.fill(mine, (byte) 0);
        }
    }

    /** The length only, so that a hash code tells nothing of the content. */
    @Override
    public int hashCode() {
        return bytes.length;
    }

    @Override
    public String toString() {
        return "SecretBytes[" + bytes.length + " bytes, redacted]";
    }
}
