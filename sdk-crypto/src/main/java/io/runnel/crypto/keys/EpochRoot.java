package io.runnel.crypto.keys;

import io.runnel.crypto.ClientId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.hash.Blake3;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The secret of an app server from which it derives every client's key of an epoch. Ratcheting it each epoch and closing
 * the old one means that what is stolen later opens no earlier envelope. Safe on any thread.
 */
public final class EpochRoot implements AutoCloseable {
    private static final String RATCHET_CONTEXT = "runnel 2026 epoch root v1";
    private static final String EPOCH_CONTEXT = "runnel 2026 epoch key v1";
    private static final String CLIENT_CONTEXT = "runnel 2026 client epoch key v1";
    private static final int BYTES = 32;

    private SecretBytes root;

    private EpochRoot(SecretBytes root) {
        this.root = root;
    }

    /** A fresh root. */
    public static EpochRoot random() {
        return new EpochRoot(SecretBytes.random(BYTES));
    }

    /**
     * A root with a known secret, as when a server restarts.
     *
     * @param secret 32 bytes, copied
     */
    public static EpochRoot of(SecretBytes secret) {
        if (secret.size() != BYTES) {
            throw new IllegalArgumentException("secret: " + secret.size() + " bytes, must be " + BYTES);
        }
        return new EpochRoot(secret.copy());
    }

    /**
     * The key with which envelopes of this epoch are sealed for one client.
     *
     * @return 32 bytes, closed by the caller
     */
    public synchronized SecretBytes clientEpochKey(long epochId, ClientId client) {
        byte[] id = ByteBuffer.allocate(Long.BYTES).putLong(epochId).array();
        byte[] epochKey = root.read(bytes -> Blake3.deriveKey(EPOCH_CONTEXT, bytes, id));
        try {
            return SecretBytes.adopt(Blake3.deriveKey(CLIENT_CONTEXT, epochKey, client.bytes()));
        } finally {
            Arrays.fill(epochKey, (byte) 0);
        }
    }

    /** The root of the next epoch, beside this one; closed by the caller. */
    public synchronized EpochRoot next() {
        return new EpochRoot(SecretBytes.adopt(root.read(bytes -> Blake3.deriveKey(RATCHET_CONTEXT, bytes))));
    }

    /** Becomes the root of the next epoch and wipes the one before. */
    public synchronized void ratchet() {
        SecretBytes old = root;
        root = SecretBytes.adopt(old.read(bytes -> Blake3.deriveKey(RATCHET_CONTEXT, bytes)));
        old.close();
    }

    /** A copy of the secret, to be kept in a key store; closed by the caller. */
    public synchronized SecretBytes secret() {
        return root.copy();
    }

    /** Wipes the secret. Idempotent. */
    @Override
    public synchronized void close() {
        root.close();
    }
}
