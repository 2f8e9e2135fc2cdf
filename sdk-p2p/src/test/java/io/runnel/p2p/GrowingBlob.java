package io.runnel.p2p;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SharedBlob;
import io.runnel.source.TestBlob;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A blob of which more and more is held, as while it is downloaded. */
final class GrowingBlob implements SharedBlob {
    private final TestBlob blob;
    private final List<Consumer<GroupSet>> listeners = new CopyOnWriteArrayList<>();
    private volatile GroupSet held = GroupSet.empty();

    GrowingBlob(TestBlob blob) {
        this.blob = blob;
    }

    void hold(GroupSet groups) {
        held = groups;
        listeners.forEach(listener -> listener.accept(groups));
    }

    @Override
    public BlobId id() {
        return blob.id();
    }

    @Override
    public long sizeBytes() {
        return blob.bytes().length;
    }

    @Override
    public GroupSet held() {
        return held;
    }

    @Override
    public Subscription onHeldChanged(Consumer<GroupSet> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public CompletableFuture<ByteBuffer> readGroups(GroupRange groups) {
        return blob.shared(held).readGroups(groups);
    }

    @Override
    public CompletableFuture<ByteBuffer> readTree(long offset, int length) {
        return blob.shared(held).readTree(offset, length);
    }
}
