package io.runnel.cli.client;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchListener;
import io.runnel.fetch.FetchStats;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceInfo;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;

/** Remembers who lied and whether the client was revoked, and tells another listener everything. */
final class SessionLog implements FetchListener {
    private final FetchListener next;
    private final Set<String> liars = new ConcurrentSkipListSet<>();
    private final CountDownLatch revoked = new CountDownLatch(1);

    SessionLog(FetchListener next) {
        this.next = next;
    }

    /** The ids of the sources that were rejected so far. */
    List<String> liars() {
        return List.copyOf(liars);
    }

    /** Waits until the app server revokes the client while it has a blob open. */
    void awaitRevocation() throws InterruptedException {
        revoked.await();
    }

    @Override
    public void revoked(BlobId blob) {
        revoked.countDown();
        next.revoked(blob);
    }

    @Override
    public void stalled(BlobId blob, Duration waited) {
        next.stalled(blob, waited);
    }

    @Override
    public void rejected(BlobId blob, SourceInfo source, String what) {
        liars.add(source.id());
        next.rejected(blob, source, what);
    }

    @Override
    public void started(BlobId blob, long plaintextBytes) {
        next.started(blob, plaintextBytes);
    }

    @Override
    public void sourceJoined(BlobId blob, SourceInfo source) {
        next.sourceJoined(blob, source);
    }

    @Override
    public void sourceLeft(BlobId blob, SourceInfo source) {
        next.sourceLeft(blob, source);
    }

    @Override
    public void verified(BlobId blob, GroupRange groups, SourceInfo source) {
        next.verified(blob, groups, source);
    }

    @Override
    public void finished(BlobId blob, FetchStats totals) {
        next.finished(blob, totals);
    }
}
