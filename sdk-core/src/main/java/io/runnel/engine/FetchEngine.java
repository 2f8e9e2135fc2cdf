package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.ClientStats;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchListener;
import io.runnel.fetch.FetchSettings;
import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeyException;
import io.runnel.keys.KeySource;
import io.runnel.source.SourceProvider;
import io.runnel.store.BlobStore;
import io.runnel.store.StoredBlob;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All open blobs of one client. Its state belongs to the engine loop; public methods may be called from any thread. */
public final class FetchEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FetchEngine.class);

    private final KeySource keys;
    private final List<SourceProvider> providers;
    private final BlobStore store;
    private final ClientMeter clientMeter = new ClientMeter();
    private final EngineLoop loop = new EngineLoop();
    private final EngineParts parts;

    /** Changed by the loop; read elsewhere only where the loop was given up. */
    private final Map<BlobId, BlobSession> sessions = new ConcurrentHashMap<>();

    private final AtomicBoolean closed = new AtomicBoolean();

    /** Why no blob can be opened any more. Written by the loop, or where it was given up. */
    private volatile FetchException.@Nullable Reason over;

    /** An engine that owns, and closes, all it is given save the executor. */
    public FetchEngine(
            KeySource keys,
            List<SourceProvider> providers,
            BlobStore store,
            FetchListener listener,
            Executor callbacks,
            FetchSettings settings) {
        this.keys = keys;
        this.providers = List.copyOf(providers);
        this.store = store;
        Planning planning = new Planning(loop, settings, store.pinnableBytes());
        this.parts = new EngineParts(loop, planning, new Announcer(listener, callbacks), settings);
        keys.onRevoked(() -> loop.execute(() -> endAll(FetchException.Reason.KEY_REVOKED)));
    }

    /** Opens a blob; fails with a {@link FetchException}. */
    public CompletableFuture<BlobSession> open(BlobId id) {
        CompletableFuture<BlobSession> result = new CompletableFuture<>();
        OpenEvent event = new OpenEvent();
        event.begin();
        CompletableFuture<?> unusedNoted = result.whenComplete((session, failure) -> event.end(id, failure));
        TotalsMeter meter = new TotalsMeter(id, System.nanoTime());
        FetchException.Reason reason = over;
        if (reason != null) {
            result.completeExceptionally(refusal(id, reason));
            return result;
        }
        CompletableFuture<?> unused = grant(id).whenComplete((grant, failure) -> {
            if (failure != null) {
                result.completeExceptionally(keyFailure(id, failure));
            } else {
                loop.work(() -> openStored(id, grant, meter, result), () -> {
                    grant.close();
                    result.completeExceptionally(refusal(id, FetchException.Reason.CLOSED));
                });
            }
        });
        return result;
    }

    /** The grant of a key source that may be an app's own: what it must not do, throw or give null, is a failure too. */
    private CompletableFuture<BlobGrant> grant(BlobId id) {
        try {
            return requireGiven(keys.grant(id)).thenApply(FetchEngine::requireGiven);
        } catch (RuntimeException | Error broken) {
            return CompletableFuture.failedFuture(broken);
        }
    }

    private static <T> T requireGiven(@Nullable T answer) {
        return Objects.requireNonNull(answer, "it gave null");
    }

    /** On a worker. */
    private void openStored(BlobId id, BlobGrant grant, TotalsMeter meter, CompletableFuture<BlobSession> result) {
        StoredBlob stored;
        try {
            stored = store.open(id, grant.sizeBytes());
        } catch (IOException | RuntimeException | Error e) {
            grant.close();
            result.completeExceptionally(notOpened(id, e));
            return;
        }
        loop.execute(
                () -> {
                    try {
                        opened(id, grant, stored, meter, result);
                    } catch (RuntimeException | Error broken) {
                        notOpened(id, grant, stored, broken, result);
                    }
                },
                () -> {
                    close("blob", stored);
                    grant.close();
                    result.completeExceptionally(refusal(id, FetchException.Reason.CLOSED));
                });
    }

    /** On the loop: a store threw what it must not. */
    private void notOpened(
            BlobId id, BlobGrant grant, StoredBlob stored, Throwable broken, CompletableFuture<BlobSession> result) {
        FetchException failure = notOpened(id, broken);
        BlobSession session = sessions.get(id);
        if (session == null) {
            grant.close();
            loop.work(() -> close("blob", stored));
        } else {
            session.end(failure);
        }
        result.completeExceptionally(failure);
    }

    private static FetchException notOpened(BlobId id, Throwable failure) {
        return new FetchException(
                FetchException.Reason.STORE_FAILED,
                "blob " + id + ": the store could not open it (" + failure.getMessage() + "); check the disk",
                failure);
    }

    private void opened(
            BlobId id, BlobGrant grant, StoredBlob stored, TotalsMeter meter, CompletableFuture<BlobSession> result) {
        FetchException.Reason reason = over;
        BlobSession session = sessions.get(id);
        if (reason != null || session != null || result.isDone()) {
            grant.close();
            loop.work(() -> close("blob", stored));
        }
        if (reason != null) {
            result.completeExceptionally(refusal(id, reason));
            return;
        }
        if (result.isDone()) {
            return;
        }
        if (session == null) {
            Runnable onEnd = () -> {
                sessions.remove(id);
                clientMeter.ended(meter, System.nanoTime());
            };
            session = new BlobSession(new OpenBlob(id, stored, meter), grant, parts, onEnd);
            sessions.put(id, session);
            clientMeter.opened(meter);
            session.start(providers);
        } else {
            session.reopened();
        }
        if (!result.complete(session)) {
            session.release();
        }
    }

    /** What all fetches have done so far. Any thread. */
    public ClientStats stats() {
        return clientMeter.stats(System.nanoTime());
    }

    private static FetchException keyFailure(BlobId id, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof KeyException refused)) {
            // Not its message, which may quote a token or an address.
            String what = "blob " + id + ": no key: the key source failed ("
                    + cause.getClass().getName() + ", the cause of this): check it";
            return new FetchException(FetchException.Reason.KEY_UNAVAILABLE, what, cause);
        }
        FetchException.Reason reason = switch (refused.reason()) {
            case NOT_FOUND -> FetchException.Reason.NOT_FOUND;
            case REVOKED -> FetchException.Reason.KEY_REVOKED;
            case CLOSED -> FetchException.Reason.CLOSED;
            case DENIED, UNAVAILABLE, BAD_ENVELOPE -> FetchException.Reason.KEY_UNAVAILABLE;
        };
        return new FetchException(reason, "blob " + id + ": no key: " + refused.getMessage(), refused);
    }

    private static FetchException refusal(BlobId id, FetchException.Reason reason) {
        String what = reason == FetchException.Reason.KEY_REVOKED
                ? "this client was revoked by the app server"
                : "the client was closed";
        return new FetchException(reason, "blob " + id + ": " + what);
    }

    /** On the loop. */
    private void endAll(FetchException.Reason reason) {
        if (over == null) {
            over = reason;
        }
        List.copyOf(sessions.values()).forEach(session -> session.end(refusal(session.id(), reason)));
    }

    /** The loop did not come to ending its blobs: what must not be left undone is done without it. */
    private void abandonAll() {
        over = FetchException.Reason.CLOSED;
        sessions.values().forEach(session -> session.abandon(refusal(session.id(), FetchException.Reason.CLOSED)));
    }

    /** Ends all blobs, then closes providers, keys, threads and the store; returns within about two seconds. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        // Whoever closes because of an interrupt closes too: the blobs have to end and the store has to write.
        boolean interrupted = Thread.interrupted();
        endAll();
        providers.forEach(provider -> close("source provider", provider));
        close("key source", keys);
        loop.close();
        interrupted |= Thread.interrupted();
        close("store", store);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void endAll() {
        if (loop.isOwner()) {
            endAll(FetchException.Reason.CLOSED);
            return;
        }
        CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        loop.execute(
                () -> {
                    endAll(FetchException.Reason.CLOSED);
                    ended.complete(null);
                },
                this::abandonAll);
        try {
            ended.get(1, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException busy) {
            LOG.debug("the engine loop did not end its blobs in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(String what, AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.warn("the {} did not close cleanly: {}", what, e.getMessage());
        }
    }
}
