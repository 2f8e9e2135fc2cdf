package io.runnel.store;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** A store in memory that first does what a test wants: blocks, fails, or throws what a store should not. */
public final class HookedStore implements BlobStore {
    /** What a test wants. */
    public interface Hook {
        void run() throws IOException;
    }

    /** What is run before groups are read, or put. On the thread that does it. */
    public volatile Hook beforeRead = () -> {};

    public volatile Hook beforePut = () -> {};

    /** What is run before nodes of the tree are read. */
    public volatile Hook beforeTree = () -> {};

    /** What is run before groups are pinned. */
    public volatile Hook beforePin = () -> {};

    /** What is run before a blob is opened. */
    public volatile Hook beforeOpen = () -> {};

    private final BlobStore store = new MemoryBlobStore(64 << 20);

    @Override
    public StoredBlob open(BlobId id, long sizeBytes) throws IOException {
        beforeOpen.run();
        return new Hooked(store.open(id, sizeBytes));
    }

    @Override
    public long pinnableBytes() {
        return store.pinnableBytes();
    }

    @Override
    public void close() throws IOException {
        store.close();
    }

    private final class Hooked implements StoredBlob {
        private final StoredBlob blob;

        Hooked(StoredBlob blob) {
            this.blob = blob;
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
            beforePut.run();
            blob.putGroups(firstGroup, bytes);
        }

        @Override
        public boolean readGroups(GroupRange groups, ByteBuffer target) throws IOException {
            beforeRead.run();
            return blob.readGroups(groups, target);
        }

        @Override
        public void putTree(long offset, ByteBuffer nodes) throws IOException {
            blob.putTree(offset, nodes);
        }

        @Override
        public boolean readTree(long offset, ByteBuffer target) throws IOException {
            beforeTree.run();
            return blob.readTree(offset, target);
        }

        @Override
        public Pin pin(GroupRange groups) {
            try {
                beforePin.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return blob.pin(groups);
        }

        @Override
        public void flush() throws IOException {
            blob.flush();
        }

        @Override
        public void close() throws IOException {
            blob.close();
        }
    }
}
