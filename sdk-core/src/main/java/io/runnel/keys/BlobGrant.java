package io.runnel.keys;

import io.runnel.crypto.SecretBytes;
import java.util.Objects;

/**
 * The right to read a blob: its key and its authenticated size.
 *
 * @param key 32 bytes, K_blob; owned by the holder of the grant
 * @param sizeBytes length of the blob in bytes, nonce and tag included, at least 40
 */
public record BlobGrant(SecretBytes key, long sizeBytes) implements AutoCloseable {
    /** Rejects a key of another length and a size no blob can have. */
    public BlobGrant {
        Objects.requireNonNull(key, "key");
        if (key.size() != 32 || sizeBytes < 40) {
            throw new IllegalArgumentException("blob grant: key must be 32 bytes and size at least 40");
        }
    }

    /** Wipes the key. */
    @Override
    public void close() {
        key.close();
    }
}
