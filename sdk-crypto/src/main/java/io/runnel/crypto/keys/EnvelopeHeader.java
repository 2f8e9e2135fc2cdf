package io.runnel.crypto.keys;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.ClientId;

/**
 * What an envelope says in the clear, all of it authenticated.
 *
 * @param epochId the epoch whose key seals it, 0 or more
 * @param blobId the blob whose key is inside
 * @param clientId the client it is for
 * @param notAfterMillis until when it may be opened, in milliseconds since 1970 by the server's clock, 0 or more
 * @param blobSizeBytes length of the blob, nonce and tag included, at least 40
 */
public record EnvelopeHeader(long epochId, BlobId blobId, ClientId clientId, long notAfterMillis, long blobSizeBytes) {
    /** Length of the blob of an empty plaintext: nonce and tag. */
    public static final long MIN_BLOB_BYTES = 40;

    /** Rejects numbers out of range. */
    public EnvelopeHeader {
        if (epochId < 0 || notAfterMillis < 0) {
            throw new IllegalArgumentException("epochId and notAfterMillis: must not be negative");
        }
        if (blobSizeBytes < MIN_BLOB_BYTES) {
            throw new IllegalArgumentException("blobSizeBytes: " + blobSizeBytes + ", must be at least 40");
        }
    }
}
