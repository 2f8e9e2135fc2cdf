package io.runnel.store;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** One opening of a blob on disk. */
final class DiskHandle implements StoredBlob {
    private final DiskBlobStore store;
    private final DiskBlob blob;
    private final Units groups;
    private final AtomicBoolean released = new AtomicBoolean();

    DiskHandle(DiskBlobStore store, DiskBlob blob) {
        this.store = store;
        this.blob = blob;
        this.groups = blob.data().units();
    }

    boolean isClosed() {
        return released.get();
    }

    private DiskBlob live() throws IOException {
        if (released.get()) {
            throw new IOException("blob " + blob.id() + " is closed");
        }
        store.requireOpen();
        return blob;
    }

    @Override
    public long sizeBytes() {
        return blob.sizeBytes();
    }

    @Override
    public GroupSet held() {
        return blob.data().held();
    }

    @Override
    public void putGroups(long firstGroup, ByteBuffer bytes) throws IOException {
        live().data().write(groups.offset(firstGroup), bytes);
        store.flushIfDue();
    }

    @Override
    public boolean readGroups(GroupRange range, ByteBuffer target) throws IOException {
        return live().data().read(groups.offset(range.first()), target);
    }

    @Override
    public void putTree(long offset, ByteBuffer nodes) throws IOException {
        live().outboard().write(offset, nodes);
        store.flushIfDue();
    }

    @Override
    public boolean readTree(long offset, ByteBuffer target) throws IOException {
        return live().outboard().read(offset, target);
    }

    @Override
    public Pin pin(GroupRange range) {
        return store.pin(this, blob, range);
    }

    @Override
    public void flush() throws IOException {
        live();
        store.flush();
    }

    @Override
    public void close() {
        if (released.compareAndSet(false, true)) {
            store.release(this, blob);
        }
    }
}
