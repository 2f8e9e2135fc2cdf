package io.runnel.crypto.keys;

import io.runnel.crypto.SecretBytes;

/**
 * What an authentic envelope held.
 *
 * @param blobKey 32 bytes, K_blob; owned by whoever opened the envelope
 * @param blobSizeBytes length of the blob, nonce and tag included
 */
public record OpenedEnvelope(SecretBytes blobKey, long blobSizeBytes) implements AutoCloseable {
    /** Wipes the key. */
    @Override
    public void close() {
        blobKey.close();
    }
}
