package io.runnel.crypto.identity;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.CollectionScope;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.SwarmId;
import io.runnel.crypto.hash.Blake3;

/** Derives the names a tracker sees from the secret of a collection. */
public final class SwarmIds {
    private static final String SWARM_CONTEXT = "runnel 2026 swarm id v1";
    private static final String SCOPE_CONTEXT = "runnel 2026 collection scope v1";
    private static final int SECRET_BYTES = 32;

    private SwarmIds() {}

    /**
     * The swarm of a blob.
     *
     * @param collectionSecret 32 bytes
     */
    public static SwarmId of(SecretBytes collectionSecret, BlobId blob) {
        check(collectionSecret);
        return SwarmId.of(collectionSecret.read(secret -> Blake3.deriveKey(SWARM_CONTEXT, secret, blob.bytes())));
    }

    /**
     * The scope of the credentials of a collection.
     *
     * @param collectionSecret 32 bytes
     */
    public static CollectionScope scope(SecretBytes collectionSecret) {
        check(collectionSecret);
        return CollectionScope.of(collectionSecret.read(secret -> Blake3.deriveKey(SCOPE_CONTEXT, secret)));
    }

    private static void check(SecretBytes collectionSecret) {
        if (collectionSecret.size() != SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "collectionSecret: " + collectionSecret.size() + " bytes, must be " + SECRET_BYTES);
        }
    }
}
