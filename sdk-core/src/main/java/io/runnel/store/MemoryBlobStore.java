package io.runnel.store;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps blobs in heap memory, within a bound: where it is full, what was least recently used and is not being read is
 * dropped, a mebibyte at a time. Nothing survives the process.
 */
public final class MemoryBlobStore implements BlobStore {
    /** Groups that come and go together: 1 MiB. */
    private static final int GROUPS_PER_PAGE = 64;

    /** Parents of the tree that come and go together: 64 KiB. */
    private static final int NODES_PER_PAGE = 1024;

    private static final long MIB = 1 << 20;

    private final Object lock = new Object();
    private final PageBudget budget;
    private final Map<BlobId, Kept> kept = new HashMap<>();
    private boolean closed;

    /** An empty store that keeps 64 MiB, or a quarter of the most the heap may take if that is less, but at least 4 MiB. */
    public MemoryBlobStore() {
        this(defaultBytes(Runtime.getRuntime().maxMemory()));
    }

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

    static long defaultBytes(long heapBytes) {
        return Math.max(4 * MIB, Math.min(64 * MIB, heapBytes / 4));
    }

    @Override
    public StoredBlob open(BlobId id, long sizeBytes) throws IOException {
        synchronized (lock) {
            if (closed) {
                throw new IOException("store is closed");
            }
            Kept entry = kept.get(id);
            if (entry != null && entry.sizeBytes != sizeBytes) {
                if (entry.handles > 0) {
                    throw new IOException("blob " + id + " is open with size " + entry.sizeBytes + ", not " + sizeBytes
                            + ": the size given for it changed");
                }
                entry.clear();
                entry = null;
            }
            if (entry == null) {
                entry = new Kept(id, sizeBytes);
                kept.put(id, entry);
            }
            entry.handles++;
            return new Handle(entry);
        }
    }

    @Override
    public long pinnableBytes() {
        return budget.pinnableBytes();
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            kept.values().forEach(Kept::clear);
            kept.clear();
        }
    }

    /** How many blobs something is kept of, or a handle is open for. */
    int blobs() {
        synchronized (lock) {
            return kept.size();
        }
    }

    /** What is kept of one blob. */
    private final class Kept implements SparsePages.Owner {
        final BlobId id;
        final long sizeBytes;
        final SparsePages groups;
        final SparsePages tree;
        final Pins pins = new Pins(lock);
        int handles;

        Kept(BlobId id, long sizeBytes) {
            this.id = id;
            this.sizeBytes = sizeBytes;
            groups = new SparsePages(Units.groups(sizeBytes), GROUPS_PER_PAGE, budget, this);
            tree = new SparsePages(Units.parents(sizeBytes), NODES_PER_PAGE, budget, new TreeOwner(this));
        }

        void clear() {
            groups.clear();
            tree.clear();
        }

        @Override
        public boolean pinned(GroupRange units) {
            return pins.touch(units);
        }

        @Override
        public void evicted() {
            forgetIfIdle();
        }

        void forgetIfIdle() {
            if (handles == 0 && groups.present().isEmpty() && tree.present().isEmpty()) {
                kept.remove(id, this);
            }
        }
    }

    /** The tree is small beside its groups and quickly fetched: no reader's pin covers it. */
    private record TreeOwner(Kept entry) implements SparsePages.Owner {
        @Override
        public boolean pinned(GroupRange units) {
            return false;
        }

        @Override
        public void evicted() {
            entry.forgetIfIdle();
        }
    }

    /** One opening of a blob. */
    private final class Handle implements StoredBlob {
        private final Kept entry;
        private final Units units;
        private boolean released;

        Handle(Kept entry) {
            this.entry = entry;
            this.units = Units.groups(entry.sizeBytes);
        }

        private Kept live() throws IOException {
            if (closed || released) {
                throw new IOException("store is closed");
            }
            return entry;
        }

        @Override
        public long sizeBytes() {
            return entry.sizeBytes;
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
                live().groups.write(units.offset(firstGroup), bytes);
            }
        }

        @Override
        public boolean readGroups(GroupRange range, ByteBuffer target) throws IOException {
            synchronized (lock) {
                return live().groups.read(units.offset(range.first()), target);
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
        public Pin pin(GroupRange groups) {
            synchronized (lock) {
                Pin pin = entry.pins.add(this, groups);
                if (released) {
                    entry.pins.end(this);
                }
                return pin;
            }
        }

        @Override
        public void flush() {
            // Memory survives nothing.
        }

        @Override
        public void close() {
            synchronized (lock) {
                if (!released) {
                    released = true;
                    entry.pins.end(this);
                    entry.handles--;
                    entry.forgetIfIdle();
                }
            }
        }
    }
}
