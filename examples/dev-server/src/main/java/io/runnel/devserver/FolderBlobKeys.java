package io.runnel.devserver;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.devserver.keys.BlobKeys;
import io.runnel.devserver.state.SecretFiles;
import io.runnel.devserver.state.StateFolder;
import io.runnel.keys.BlobGrant;
import java.io.IOException;
import java.util.Optional;

/** Gives the keys of the blobs that are in the catalog. */
record FolderBlobKeys(StateFolder folder, SecretFiles secrets) implements BlobKeys {
    @Override
    public Optional<BlobGrant> find(BlobId id) throws IOException {
        Optional<CatalogRecord> record = Catalog.find(folder, id);
        if (record.isEmpty()) {
            return Optional.empty();
        }
        SecretBytes key = secrets.blobKey(id)
                .orElseThrow(() -> new IOException("the key of blob " + id + " is missing from the key store"));
        return Optional.of(new BlobGrant(key, record.get().sizeBytes()));
    }
}
