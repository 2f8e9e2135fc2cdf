package io.runnel.cli.client;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.store.BlobStore;
import io.runnel.store.StoredBlob;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A store that lies, for demonstration: once it is told to, what it gives out has one wrong bit in each read. What it
 * keeps is right. A peer with such a store serves corrupted groups, and no getter may ever believe one.
 */
final class CorruptingStore implements BlobStore {
    private final BlobStore kept;
    private volatile boolean lying;

    CorruptingStore(BlobStore kept) {
        this.kept = kept;
    }

    /** From now on, lie. */
    void lie() {
        lying = true;
    }

    @Override
    public StoredBlob open(BlobId id, long sizeBytes) throws IOException {
        return new LyingBlob(kept.open(id, sizeBytes));
    }

    @Override
    public long pinnableBytes() {
        return kept.pinnableBytes();
    }

    @Override
    public void close() throws IOException {
        kept.close();
    }

    private final class LyingBlob implements StoredBlob {
        private final StoredBlob truth;

        LyingBlob(StoredBlob truth) {
            this.truth = truth;
        }

        @Override
        public boolean readGroups(GroupRange groups, ByteBuffer target) throws IOException {
            int start = target.position();
            boolean kept = truth.readGroups(groups, target);
            if (kept && lying && target.position() > start) {
                int middle = (start + target.position()) / 2;
                target.put(middle, (byte) (target.get(middle) ^ 1));
            }
            return kept;
        }

        @Override
        public long sizeBytes() {
            return truth.sizeBytes();
        }

        @Override
        public GroupSet held() {
            return truth.held();
        }

        @Override
        public void putGroups(long firstGroup, ByteBuffer bytes) throws IOException {
            truth.putGroups(firstGroup, bytes);
        }

        @Override
        public void putTree(long offset, ByteBuffer nodes) throws IOException {
            truth.putTree(offset, nodes);
        }

        @Override
        public boolean readTree(long offset, ByteBuffer target) throws IOException {
            return truth.readTree(offset, target);
        }

        @Override
        public Pin pin(GroupRange groups) {
            return truth.pin(groups);
        }

        @Override
        public void flush() throws IOException {
            truth.flush();
        }

        @Override
        public void close() throws IOException {
            truth.close();
        }
    }
}
