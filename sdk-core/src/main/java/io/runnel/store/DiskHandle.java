package io.runnel.store;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** One opening of a blob on disk: shares the files with the others and gives them back once. */
final class DiskHandle implements StoredBlob {
    private final DiskBlobStore store;
    private final BlobId id;
    private final DiskBlob blob;
    private final AtomicBoolean released = new AtomicBoolean();

    DiskHandle(DiskBlobStore store, BlobId id, DiskBlob blob) {
        this.store = store;
        this.id = id;
        this.blob = blob;
    }

    private DiskBlob live() throws IOException {
        if (released.get()) {
            throw new IOException("blob " + id + " is closed");
        }
        return blob;
    }

    @Override
    public long sizeBytes() {
        return blob.sizeBytes();
    }

    @Override
    public GroupSet held() {
        return blob.held();
    }

    @Override
    public void putGroups(long firstGroup, ByteBuffer bytes) throws IOException {
        live().putGroups(firstGroup, bytes);
    }

    @Override
    public boolean readGroups(GroupRange groups, ByteBuffer target) throws IOException {
        return live().readGroups(groups, target);
    }

    @Override
    public void putTree(long offset, ByteBuffer nodes) throws IOException {
        live().putTree(offset, nodes);
    }

    @Override
    public boolean readTree(long offset, ByteBuffer target) throws IOException {
        return live().readTree(offset, target);
    }

    @Override
    public void flush() throws IOException {
        live().flush();
    }

    @Override
    public void close() throws IOException {
        if (released.compareAndSet(false, true)) {
            store.release(id, blob);
        }
    }
}
