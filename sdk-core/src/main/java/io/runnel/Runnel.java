package io.runnel;

import io.runnel.crypto.BlobId;
import io.runnel.engine.EngineThreads;
import io.runnel.engine.FetchEngine;
import io.runnel.fetch.ClientStats;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchListener;
import io.runnel.fetch.FetchSettings;
import io.runnel.keys.KeySource;
import io.runnel.source.SourceProvider;
import io.runnel.store.BlobStore;
import io.runnel.store.MemoryBlobStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A client: opens blobs and keeps what their fetches share. An app has one and closes it at its end. Safe for use on any
 * thread; blocking methods are interruptible.
 */
public final class Runnel implements AutoCloseable {
    private final FetchEngine engine;
    /** For what apps may block: one thread for each download, and for each subscriber while it is called. */
    private final ExecutorService deliveries = Executors.newCachedThreadPool(EngineThreads.named("delivery"));

    private final @Nullable ExecutorService ownCallbacks;

    private Runnel(Builder builder, KeySource keySource) {
        Executor callbacks = builder.callbackExecutor;
        if (callbacks == null) {
            ownCallbacks = Executors.newSingleThreadExecutor(EngineThreads.named("callback"));
            callbacks = ownCallbacks;
        } else {
            ownCallbacks = null;
        }
        BlobStore store = builder.store == null ? new MemoryBlobStore() : builder.store;
        engine = new FetchEngine(keySource, builder.sources, store, builder.listener, callbacks, builder.settings);
    }

    /** Starts the configuration of a client. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Opens a blob: obtains its key and starts to look for sources. Blocks until the key is there.
     *
     * @return the open blob; close it
     * @throws FetchException if there is no key, for example {@code KEY_REVOKED} or {@code NOT_FOUND}; {@code CLOSED} if
     *     the thread is interrupted, with its interrupt flag set
     */
    public Blob open(BlobId id) throws FetchException {
        return Waiting.join(openAsync(id), "opening blob " + id);
    }

    /** As {@link #open}, without blocking. The future fails with a {@link FetchException}; cancelling it is safe. */
    public CompletableFuture<Blob> openAsync(BlobId id) {
        Objects.requireNonNull(id, "id");
        CompletableFuture<Blob> result = new CompletableFuture<>();
        CompletableFuture<?> unused = engine.open(id).whenComplete((session, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else {
                Blob blob = new Blob(session, deliveries);
                if (!result.complete(blob)) {
                    blob.close();
                }
            }
        });
        return result;
    }

    /**
     * Fetches a blob into the client's store ahead of its use: opens it, as {@link Blob#prefetch} does, and closes it. It
     * yields to readers of any blob. Peers are served from it meanwhile.
     *
     * @return completes when all was stored; fails with a {@link FetchException}; cancelling it stops
     */
    public CompletableFuture<@Nullable Void> warm(BlobId id) {
        return new Warming().start(openAsync(id));
    }

    /** What all fetches of this client have done since it was built. */
    public ClientStats stats() {
        return engine.stats();
    }

    /**
     * Closes all blobs, whose reads then fail with {@code CLOSED}, leaves all swarms, wipes all keys, and closes the key
     * source, the sources and the store. Returns within about two seconds. Idempotent.
     */
    @Override
    public void close() {
        engine.close();
        deliveries.shutdownNow();
        if (ownCallbacks != null) {
            ownCallbacks.shutdown();
        }
    }

    /** Configures a {@link Runnel}. Not safe for use on several threads at once. */
    public static final class Builder {
        private final List<SourceProvider> sources = new ArrayList<>();
        private @Nullable KeySource keySource;
        private @Nullable BlobStore store;
        private @Nullable Executor callbackExecutor;
        private FetchListener listener = new FetchListener() {};
        private FetchSettings settings = FetchSettings.defaults();

        private Builder() {}

        /** Where keys come from; required. Owned by the client from {@link #build} on. */
        public Builder keySource(KeySource source) {
            this.keySource = Objects.requireNonNull(source, "keySource");
            return this;
        }

        /** Adds a way to find sources: the origin, a swarm. At least one. Owned by the client from {@link #build} on. */
        public Builder source(SourceProvider provider) {
            sources.add(Objects.requireNonNull(provider, "source"));
            return this;
        }

        /**
         * Where proven ciphertext is kept; by default a {@link MemoryBlobStore} of its default size. Owned by the client from
         * {@link #build} on.
         */
        public Builder store(BlobStore blobStore) {
            this.store = Objects.requireNonNull(blobStore, "store");
            return this;
        }

        /** Hears what happens; by default nobody. */
        public Builder listener(FetchListener fetchListener) {
            this.listener = Objects.requireNonNull(fetchListener, "listener");
            return this;
        }

        /**
         * Where the listener is called; by default a thread of the client's own. It gets one task at a time, which calls
         * the listener with all that waits and ends when nothing more does. It must run each task once, on whatever
         * thread, or throw, and keep running tasks until the client is closed. Where it throws, for instance because a
         * bounded pool is full, what waits is kept and offered again at the next event; one that drops a task in silence
         * ends all calls. What an executor that was shut down refuses is dropped. It is not closed with the client.
         */
        public Builder callbackExecutor(Executor executor) {
            this.callbackExecutor = Objects.requireNonNull(executor, "callbackExecutor");
            return this;
        }

        /** How to fetch; by default {@link FetchSettings#defaults}. */
        public Builder settings(FetchSettings fetchSettings) {
            this.settings = Objects.requireNonNull(fetchSettings, "settings");
            return this;
        }

        /**
         * Makes the client.
         *
         * @throws IllegalStateException if there is no key source or no source
         */
        public Runnel build() {
            KeySource keys = keySource;
            if (keys == null) {
                throw new IllegalStateException("keySource: must be set, for example to a keys channel");
            }
            if (sources.isEmpty()) {
                throw new IllegalStateException("source: at least one must be added, for example an HTTP origin");
            }
            return new Runnel(this, keys);
        }
    }
}
