package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.store.StoredBlob;

/**
 * A blob that is open, as all parts of its session know it.
 *
 * @param id its name
 * @param stored what the store holds of it
 * @param meter what its fetch has done
 */
record OpenBlob(BlobId id, StoredBlob stored, TotalsMeter meter) {
    /** The shape of its hash tree. */
    TreeShape shape() {
        return TreeShape.ofBlob(stored.sizeBytes());
    }
}
