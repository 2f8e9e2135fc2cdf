package io.runnel.p2p;

import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** One fetch from one source: how much has come, and how it ended. */
final class Fetching implements BlobSource.GroupReceiver {
    final AtomicLong bytes = new AtomicLong();
    final CompletableFuture<Void> end = new CompletableFuture<>();

    static Fetching of(BlobSource source, GroupRange groups) {
        Fetching fetching = new Fetching();
        source.fetch(groups, fetching);
        return fetching;
    }

    @Override
    public void received(long firstGroup, ByteBuffer groups) {
        bytes.addAndGet(groups.remaining());
    }

    @Override
    public void completed() {
        end.complete(null);
    }

    @Override
    public void failed(SourceException failure) {
        end.completeExceptionally(failure);
    }
}
