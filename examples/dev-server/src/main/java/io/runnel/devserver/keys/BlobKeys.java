package io.runnel.devserver.keys;

import io.runnel.crypto.BlobId;
import io.runnel.keys.BlobGrant;
import java.io.IOException;
import java.util.Optional;

/** The keys of the blobs. Called on the machine's thread; may look at the disk. */
@FunctionalInterface
public interface BlobKeys {
    /** The key and the size of a blob, owned by the caller; empty for a blob nobody ingested. */
    Optional<BlobGrant> find(BlobId id) throws IOException;
}
