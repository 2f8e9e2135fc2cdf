package io.runnel.http.testing;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SharedBlob;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A blob of random bytes with an outboard of random bytes of the right length: a source does not look inside. */
public final class TestBlob implements SharedBlob {
    private final BlobId id;
    private final byte[] bytes;
    private final byte[] outboard;

    private TestBlob(BlobId id, byte[] bytes, byte[] outboard) {
        this.id = id;
        this.bytes = bytes;
        this.outboard = outboard;
    }

    /** The same bytes for the same size and seed. */
    public static TestBlob random(int size, long seed) {
        Random random = new Random(seed);
        byte[] id = new byte[32];
        byte[] bytes = new byte[size];
        byte[] outboard = new byte[64 * ((size + 16383) / 16384 - 1)];
        random.nextBytes(id);
        random.nextBytes(bytes);
        random.nextBytes(outboard);
        return new TestBlob(BlobId.of(id), bytes, outboard);
    }

    /** The file at this path of an origin with this bucket. */
    public byte[] file(String path) {
        return path.contains(".obao4") ? outboard : bytes;
    }

    /** The blob. */
    public byte[] bytes() {
        return bytes;
    }

    /** The outboard. */
    public byte[] outboard() {
        return outboard;
    }

    @Override
    public BlobId id() {
        return id;
    }

    @Override
    public long sizeBytes() {
        return bytes.length;
    }

    @Override
    public GroupSet held() {
        return GroupSet.empty();
    }

    @Override
    public Subscription onHeldChanged(Consumer<GroupSet> listener) {
        return () -> {};
    }

    @Override
    public CompletableFuture<ByteBuffer> readGroups(GroupRange groups) {
        return CompletableFuture.completedFuture(ByteBuffer.allocate(0));
    }

    @Override
    public CompletableFuture<ByteBuffer> readTree(long offset, int length) {
        return CompletableFuture.completedFuture(ByteBuffer.allocate(0));
    }
}
