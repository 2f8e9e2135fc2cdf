package io.runnel.store;

import io.runnel.crypto.BlobId;
import java.util.Map;

/** What the disk store knows of one blob. Guarded by the {@link SegmentTable}'s monitor, save what the arrays say. */
final class DiskBlob {
    private final BlobId id;
    private final long sizeBytes;
    private final Map<BlobId, DiskBlob> known;
    private final DiskArray data;
    private final DiskArray outboard;
    private final Pins pins;
    private int handles;

    /** A blob of which nothing is kept. */
    DiskBlob(BlobId id, long sizeBytes, Map<BlobId, DiskBlob> known, DiskWriter writer) {
        this.id = id;
        this.sizeBytes = sizeBytes;
        this.known = known;
        this.data = new DiskArray(this, false, writer);
        this.outboard = new DiskArray(this, true, writer);
        this.pins = new Pins(writer.table());
    }

    BlobId id() {
        return id;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    DiskArray data() {
        return data;
    }

    DiskArray outboard() {
        return outboard;
    }

    Pins pins() {
        return pins;
    }

    boolean isOpen() {
        return handles > 0;
    }

    void opened() {
        handles++;
    }

    void closed() {
        handles--;
        forgetIfIdle();
    }

    /** Gives up all that is kept of it. */
    void clear() {
        data.clear();
        outboard.clear();
        known.remove(id, this);
    }

    /** Something of it is kept again; false where the blob was opened anew meanwhile. */
    boolean remember() {
        DiskBlob other = known.putIfAbsent(id, this);
        return other == null || other == this;
    }

    /** Nobody has it open and nothing of it is kept: the store need not know it. */
    void forgetIfIdle() {
        if (handles == 0 && data.isEmpty() && outboard.isEmpty()) {
            known.remove(id, this);
        }
    }
}
