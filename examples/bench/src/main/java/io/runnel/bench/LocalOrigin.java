package io.runnel.bench;

import io.runnel.crypto.BlobId;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** An origin without a network: it answers at once, on the caller's thread, so that what is measured is the client. */
final class LocalOrigin implements SourceProvider {
    private static final int GROUP_BYTES = 1 << 14;
    private static final SourceInfo INFO = new SourceInfo("origin:memory", SourceInfo.Kind.ORIGIN);

    private final Map<BlobId, PublishedBlob> blobs;

    LocalOrigin(Map<BlobId, PublishedBlob> blobs) {
        this.blobs = blobs;
    }

    @Override
    public SourceInfo.Kind kind() {
        return INFO.kind();
    }

    @Override
    public SharedBlob.Subscription attach(SharedBlob blob, Listener listener) {
        PublishedBlob published = blobs.get(blob.id());
        if (published != null) {
            listener.joined(new Source(published));
        }
        return () -> {};
    }

    @Override
    public void ban(SourceInfo source) {
        throw new IllegalStateException("the client did not believe what is right");
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private record Source(PublishedBlob blob) implements BlobSource {
        @Override
        public SourceInfo info() {
            return INFO;
        }

        @Override
        public GroupSet available() {
            return GroupSet.all((blob.bytes.length + GROUP_BYTES - 1) / GROUP_BYTES);
        }

        @Override
        public CompletableFuture<ByteBuffer> tree(long offset, int length) {
            return CompletableFuture.completedFuture(
                    ByteBuffer.wrap(blob.outboard).slice((int) offset, length));
        }

        @Override
        public Transfer fetch(GroupRange groups, GroupReceiver receiver) {
            int first = (int) groups.first() * GROUP_BYTES;
            int end = (int) Math.min(blob.bytes.length, groups.end() * GROUP_BYTES);
            receiver.received(groups.first(), ByteBuffer.wrap(blob.bytes).slice(first, end - first));
            receiver.completed();
            return () -> {};
        }
    }
}
