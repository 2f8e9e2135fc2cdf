package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SharedBlob;
import io.runnel.store.StoredBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What providers see of a session: the store's proven ciphertext, read on the workers, while it is to be shared. */
final class SharedView implements SharedBlob {
    private static final int MOST_GROUPS = 1024;

    /** How long what is held is shared without a reader: the next one often follows at once. */
    private static final long OUTLASTS_NANOS = Duration.ofMillis(600).toNanos();

    private final BlobId id;
    private final StoredBlob stored;
    private final TreeShape shape;
    private final EngineLoop loop;
    private final List<Registration> listeners = new CopyOnWriteArrayList<>();

    /** When there was last a use for it. Owned by the engine loop. */
    private long usedNanos = System.nanoTime();

    /** Written on the engine loop, read anywhere. */
    private volatile boolean shared = true;

    SharedView(BlobId id, StoredBlob stored, EngineLoop loop) {
        this.id = id;
        this.stored = stored;
        this.shape = TreeShape.ofBlob(stored.sizeBytes());
        this.loop = loop;
    }

    @Override
    public BlobId id() {
        return id;
    }

    @Override
    public long sizeBytes() {
        return stored.sizeBytes();
    }

    @Override
    public GroupSet held() {
        return shared ? stored.held() : GroupSet.empty();
    }

    /**
     * On the engine loop, a few times a second: what is held is given out while somebody reads or seeds the blob, and a
     * little longer.
     */
    void used(boolean now) {
        long nanos = System.nanoTime();
        if (now) {
            usedNanos = nanos;
        }
        boolean before = shared;
        shared = nanos - usedNanos < OUTLASTS_NANOS;
        if (shared != before) {
            heldChanged();
        }
    }

    @Override
    public Subscription onHeldChanged(Consumer<GroupSet> listener) {
        Registration registration = new Registration(listener);
        listeners.add(registration);
        return () -> listeners.remove(registration);
    }

    /** On the engine loop, after more was stored. */
    void heldChanged() {
        GroupSet held = held();
        listeners.forEach(registration -> registration.listener.accept(held));
    }

    @Override
    public CompletableFuture<ByteBuffer> readGroups(GroupRange groups) {
        if (groups.isEmpty() || groups.count() > MOST_GROUPS || groups.end() > shape.groups()) {
            throw new IllegalArgumentException("groups " + groups + ": must be 1 to " + MOST_GROUPS + " of the blob");
        }
        int length = (int) shape.bytesOf(groups.first(), groups.end());
        return read(length, target -> stored.readGroups(groups, target));
    }

    @Override
    public CompletableFuture<ByteBuffer> readTree(long offset, int length) {
        if (offset < 0 || offset % 64 != 0 || length < 64 || length % 64 != 0 || length > BlobSource.MAX_TREE_BYTES) {
            throw new IllegalArgumentException("outboard offset " + offset + ", length " + length
                    + ": must be multiples of 64, the length at most " + BlobSource.MAX_TREE_BYTES);
        }
        return read(length, target -> stored.readTree(offset, target));
    }

    private CompletableFuture<ByteBuffer> read(int length, StoreRead read) {
        CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
        loop.work(
                () -> {
                    try {
                        ByteBuffer target = ByteBuffer.allocate(length);
                        result.complete(shared && read.into(target) ? target.flip() : ByteBuffer.allocate(0));
                    } catch (IOException | RuntimeException | Error e) {
                        result.completeExceptionally(e);
                    }
                },
                () -> result.completeExceptionally(new IOException("the client is closed")));
        return result;
    }

    /** Equal only to itself, so that closing one of two equal subscriptions closes that one. */
    private static final class Registration {
        final Consumer<GroupSet> listener;

        Registration(Consumer<GroupSet> listener) {
            this.listener = listener;
        }
    }

    private interface StoreRead {
        boolean into(ByteBuffer target) throws IOException;
    }
}
