package io.runnel.cli.client;

import io.runnel.Blob;
import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchStats;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A blob that this client holds and serves, until it is closed. */
public final class Seeding implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 200;

    private final Blob blob;

    Seeding(Blob blob) {
        this.blob = blob;
    }

    /** The blob's id. */
    public BlobId id() {
        return blob.id();
    }

    /** Length of the plaintext. */
    public long sizeBytes() {
        return blob.size();
    }

    /** Fetches all of the blob into the store. Blocks until it is there; what has come is served meanwhile. */
    Seeding complete(FetchProgress progress) throws IOException {
        CompletableFuture<Void> whole = blob.prefetch();
        while (!arrived(whole)) {
            FetchStats totals = blob.stats();
            long here = totals.bytesFromStore()
                    + totals.bytesBySource().values().stream()
                            .mapToLong(Long::longValue)
                            .sum();
            progress.at(Math.min(here, blob.size()), blob.size(), totals);
        }
        progress.at(blob.size(), blob.size(), blob.stats());
        return this;
    }

    private static boolean arrived(CompletableFuture<Void> whole) throws IOException {
        try {
            whole.get(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the blob was being fetched");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FetchException failure) {
                throw failure;
            }
            throw new IOException("the blob could not be fetched", e.getCause());
        }
    }

    /** What the fetch and the serving did so far. */
    public FetchStats totals() {
        return blob.stats();
    }

    /** Leaves the swarm. Idempotent. */
    @Override
    public void close() {
        blob.close();
    }
}
