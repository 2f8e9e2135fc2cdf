package io.runnel.store;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps blobs in heap memory, within a bound: where it is full, what was least recently used is dropped, a mebibyte at a
 * time. Nothing survives the process.
 */
public final class MemoryBlobStore implements BlobStore {
    /** Groups that come and go together: 1 MiB. */
    private static final int GROUPS_PER_PAGE = 64;

    /** Parents of the tree that come and go together: 64 KiB. */
    private static final int NODES_PER_PAGE = 1024;

    private static final int NODE_BYTES = 64;

    private final Object lock = new Object();
    private final PageBudget budget;
    private final Map<BlobId, Kept> kept = new HashMap<>();
    private boolean closed;

    /**
     * An empty store.
     *
     * @param maxBytes the most it keeps, at least 4 MiB; the last page written may exceed it
     */
    public MemoryBlobStore(long maxBytes) {
        if (maxBytes < 4 << 20) {
            throw new IllegalArgumentException("maxBytes: " + maxBytes + ", must be at least 4 MiB");
        }
        this.budget = new PageBudget(maxBytes);
    }

    @Override
    public StoredBlob open(BlobId id, long sizeBytes) throws IOException {
        synchronized (lock) {
            if (closed) {
                throw new IOException("store is closed");
            }
            Kept entry = kept.computeIfAbsent(id, key -> new Kept(sizeBytes));
            if (entry.shape.sizeBytes() != sizeBytes) {
                throw new IOException("blob " + id + " is kept with size " + entry.shape.sizeBytes() + ", not "
                        + sizeBytes + ": the size given for it changed");
            }
            return new Handle(entry);
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            kept.values().forEach(Kept::clear);
            kept.clear();
        }
    }

    /** What is kept of one blob. */
    private final class Kept {
        final TreeShape shape;
        final SparsePages groups;
        final SparsePages tree;

        Kept(long sizeBytes) {
            shape = TreeShape.ofBlob(sizeBytes);
            groups = new SparsePages(sizeBytes, shape.groupBytes(), GROUPS_PER_PAGE, budget);
            tree = new SparsePages(shape.outboardBytes(), NODE_BYTES, NODES_PER_PAGE, budget);
        }

        void clear() {
            groups.clear();
            tree.clear();
        }
    }

    /** One opening of a blob. */
    private final class Handle implements StoredBlob {
        private final Kept entry;
        private boolean released;

        Handle(Kept entry) {
            this.entry = entry;
        }

        private Kept live() throws IOException {
            if (closed || released) {
                throw new IOException("store is closed");
            }
            return entry;
        }

        @Override
        public long sizeBytes() {
            return entry.shape.sizeBytes();
        }

        @Override
        public GroupSet held() {
            synchronized (lock) {
                return entry.groups.present();
            }
        }

        @Override
        public void putGroups(long firstGroup, ByteBuffer bytes) throws IOException {
            synchronized (lock) {
                live().groups.write(firstGroup * entry.shape.groupBytes(), bytes);
            }
        }

        @Override
        public boolean readGroups(GroupRange range, ByteBuffer target) throws IOException {
            synchronized (lock) {
                return live().groups.read(range.first() * entry.shape.groupBytes(), target);
            }
        }

        @Override
        public void putTree(long offset, ByteBuffer nodes) throws IOException {
            synchronized (lock) {
                live().tree.write(offset, nodes);
            }
        }

        @Override
        public boolean readTree(long offset, ByteBuffer target) throws IOException {
            synchronized (lock) {
                return live().tree.read(offset, target);
            }
        }

        @Override
        public void flush() {
            // Memory survives nothing.
        }

        @Override
        public void close() {
            synchronized (lock) {
                released = true;
            }
        }
    }
}
