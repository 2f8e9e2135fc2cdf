package io.runnel.crypto.keys;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.ClientId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.cipher.XChaCha20Poly1305;
import io.runnel.crypto.hash.Blake3;
import io.runnel.crypto.keys.EnvelopeException.Reason;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Seals and opens envelopes, version 1: a blob's key wrapped for one client under the key of one epoch.
 *
 * <p>Layout, big-endian: magic {@code RNE1}, suite 1, flags 1, epoch id 8, blob id 32, client id 32, not after 8, blob
 * size 8, nonce 24, commitment 32, wrapped key 48. The wrapped key is sealed with XChaCha20-Poly1305, and every byte
 * before it is its associated data. The commitment binds the blob's key to the blob, because the cipher does not commit
 * to a key.
 */
public final class Envelopes {
    /** Length of every envelope in bytes. */
    public static final int BYTES = 198;

    static final int KEY_BYTES = 32;

    private static final int MAGIC = 0x524E4531;
    private static final byte SUITE_XCHACHA20_POLY1305 = 1;
    private static final byte NO_FLAGS = 0;
    private static final int WRAPPED_BYTES = KEY_BYTES + XChaCha20Poly1305.TAG_BYTES;
    private static final int AAD_BYTES = BYTES - WRAPPED_BYTES;
    private static final String COMMITMENT_CONTEXT = "runnel 2026 key commitment v1";
    private static final SecureRandom RANDOM = new SecureRandom();

    private Envelopes() {}

    /**
     * Seals a blob's key. Safe on any thread.
     *
     * @param clientEpochKey 32 bytes: the client's key of the header's epoch
     * @param blobKey 32 bytes: K_blob
     * @return {@link #BYTES} bytes
     */
    public static byte[] seal(EnvelopeHeader header, SecretBytes clientEpochKey, SecretBytes blobKey) {
        if (blobKey.size() != KEY_BYTES) {
            throw new IllegalArgumentException("blobKey: " + blobKey.size() + " bytes, must be " + KEY_BYTES);
        }
        byte[] nonce = new byte[XChaCha20Poly1305.NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        ByteBuffer envelope = ByteBuffer.allocate(BYTES);
        envelope.putInt(MAGIC).put(SUITE_XCHACHA20_POLY1305).put(NO_FLAGS);
        envelope.putLong(header.epochId());
        envelope.put(header.blobId().bytes()).put(header.clientId().bytes());
        envelope.putLong(header.notAfterMillis()).putLong(header.blobSizeBytes());
        byte[] commitment = blobKey.read(key -> commitment(key, header.blobId()));
        envelope.put(nonce).put(commitment);
        byte[] aad = Arrays.copyOf(envelope.array(), AAD_BYTES);
        byte[] wrapped = blobKey.read(key -> XChaCha20Poly1305.seal(clientEpochKey, nonce, key, aad));
        envelope.put(wrapped);
        return envelope.array();
    }

    /**
     * Opens an envelope that anyone may have sent. The keyring is advanced to {@code nowMillis}; call on its thread.
     *
     * @param client who opens it
     * @param blob the blob asked for
     * @param nowMillis the server's time in milliseconds since 1970
     * @return the blob's key and size, owned by the caller
     * @throws EnvelopeException with the first check that failed
     */
    public static OpenedEnvelope open(
            byte[] envelope, ClientId client, BlobId blob, EpochKeyring keyring, long nowMillis)
            throws EnvelopeException {
        EnvelopeHeader header = parse(envelope);
        check(header.clientId().equals(client), Reason.WRONG_CLIENT);
        check(header.blobId().equals(blob), Reason.WRONG_BLOB);
        keyring.advance(nowMillis);
        check(keyring.nowMillis() < header.notAfterMillis(), Reason.EXPIRED);
        EpochKeyring.State state = keyring.stateOf(header.epochId(), nowMillis);
        check(state != EpochKeyring.State.RETIRED, Reason.EPOCH_RETIRED);
        SecretBytes epochKey =
                keyring.keyOf(header.epochId()).orElseThrow(() -> new EnvelopeException(Reason.UNKNOWN_EPOCH));
        return new OpenedEnvelope(unwrap(envelope, blob, epochKey), header.blobSizeBytes());
    }

    /**
     * What an envelope claims; nothing of it is authentic before {@link #open} succeeds.
     *
     * @throws EnvelopeException if it is MALFORMED
     */
    public static EnvelopeHeader parse(byte[] envelope) throws EnvelopeException {
        check(envelope.length == BYTES, Reason.MALFORMED);
        ByteBuffer in = ByteBuffer.wrap(envelope);
        check(in.getInt() == MAGIC && in.get() == SUITE_XCHACHA20_POLY1305 && in.get() == NO_FLAGS, Reason.MALFORMED);
        long epochId = in.getLong();
        BlobId blob = BlobId.of(take(in, BlobId.BYTES));
        ClientId client = ClientId.of(take(in, ClientId.BYTES));
        long notAfterMillis = in.getLong();
        long blobSizeBytes = in.getLong();
        boolean inRange = epochId >= 0 && notAfterMillis >= 0 && blobSizeBytes >= EnvelopeHeader.MIN_BLOB_BYTES;
        check(inRange, Reason.MALFORMED);
        return new EnvelopeHeader(epochId, blob, client, notAfterMillis, blobSizeBytes);
    }

    private static SecretBytes unwrap(byte[] envelope, BlobId blob, SecretBytes epochKey) throws EnvelopeException {
        byte[] aad = Arrays.copyOf(envelope, AAD_BYTES);
        int nonceAt = AAD_BYTES - KEY_BYTES - XChaCha20Poly1305.NONCE_BYTES;
        byte[] nonce = Arrays.copyOfRange(envelope, nonceAt, nonceAt + XChaCha20Poly1305.NONCE_BYTES);
        byte[] committed = Arrays.copyOfRange(envelope, AAD_BYTES - KEY_BYTES, AAD_BYTES);
        byte[] wrapped = Arrays.copyOfRange(envelope, AAD_BYTES, BYTES);
        byte[] key;
        try {
            key = XChaCha20Poly1305.open(epochKey, nonce, wrapped, aad);
        } catch (AuthenticationException e) {
            throw new EnvelopeException(Reason.NOT_AUTHENTIC);
        }
        SecretBytes blobKey = SecretBytes.adopt(key);
        if (!MessageDigest.isEqual(committed, commitment(key, blob))) {
            blobKey.close();
            throw new EnvelopeException(Reason.NOT_AUTHENTIC);
        }
        return blobKey;
    }

    /** Binds a blob's key to the blob: 32 bytes that tell nothing of the key. */
    private static byte[] commitment(byte[] blobKey, BlobId blob) {
        return Blake3.deriveKey(COMMITMENT_CONTEXT, blobKey, blob.bytes());
    }

    private static byte[] take(ByteBuffer in, int count) {
        byte[] out = new byte[count];
        in.get(out);
        return out;
    }

    private static void check(boolean holds, Reason otherwise) throws EnvelopeException {
        if (!holds) {
            throw new EnvelopeException(otherwise);
        }
    }
}
