package io.runnel.p2p;

import io.runnel.source.BlobSource;
import io.runnel.source.Seat;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Remembers what a provider's listener heard. */
final class Sources implements SourceProvider.Listener {
    final List<BlobSource> present = new CopyOnWriteArrayList<>();
    final List<SourceInfo> misbehaved = new CopyOnWriteArrayList<>();
    final List<Seat> seats = new CopyOnWriteArrayList<>();
    private final CompletableFuture<BlobSource> first = new CompletableFuture<>();

    volatile boolean mayCome = true;

    BlobSource first() throws Exception {
        return first.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void sourcesMayCome(boolean may) {
        mayCome = may;
    }

    @Override
    public void joined(BlobSource source) {
        present.add(source);
        first.complete(source);
    }

    @Override
    public void availabilityChanged(BlobSource source) {
        // Read from the source where a test wants it.
    }

    @Override
    public void left(BlobSource source) {
        present.remove(source);
    }

    @Override
    public void seated(Seat seat) {
        seats.add(seat);
    }

    @Override
    public void misbehaved(SourceInfo source, String what) {
        misbehaved.add(source);
    }
}
