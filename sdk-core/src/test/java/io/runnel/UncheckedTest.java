package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchException.Reason;
import io.runnel.fetch.FetchSettings;
import io.runnel.keys.FixedKeys;
import io.runnel.source.GroupRange;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.SourceProvider;
import io.runnel.source.TestBlob;
import io.runnel.store.HookedStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store or an app that throws what nobody declares: it ends one call, and nothing after it. */
@Timeout(15)
class UncheckedTest {
    private static final TestBlob BLOB = TestBlob.random(49, (3 << 20) + 5);

    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
    private final FixedKeys keys = new FixedKeys(BLOB);
    private final HookedStore store = new HookedStore();
    private final Runnel client = Runnel.builder()
            .keySource(keys)
            .source(origin)
            .store(store)
            .settings(FetchSettings.defaults().withStallTimeout(Duration.ofSeconds(20)))
            .build();

    @TempDir
    private Path temp;

    @AfterEach
    void closeClient() {
        client.close();
        assertThat(keys.allWiped()).isTrue();
    }

    private Blob open() throws FetchException {
        origin.add("o", BLOB, Script.all(BLOB));
        return client.open(BLOB.id());
    }

    private static Error scripted() {
        return new OutOfMemoryError("scripted");
    }

    /** Throws where it is run for the nth time. */
    private static HookedStore.Hook throwsAt(int n) {
        AtomicInteger runs = new AtomicInteger();
        return () -> {
            if (runs.incrementAndGet() == n) {
                throw scripted();
            }
        };
    }

    private static void assertThrown(CompletableFuture<?> future) {
        assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(Error.class);
    }

    private static void assertStoreFailed(CompletableFuture<?> future) {
        assertThatThrownBy(future::get)
                .cause()
                .isInstanceOfSatisfying(
                        FetchException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STORE_FAILED));
    }

    private static void assertReadable(Blob blob) throws IOException {
        assertThat(blob.read(new ByteRange(0, blob.size()))).isEqualTo(BLOB.plaintext());
    }

    @Test
    void inputStream_oneReadThrows_theNextGoesOnWhereItWas() throws IOException {
        try (Blob blob = open();
                InputStream in = blob.inputStream()) {
            store.beforeRead = throwsAt(5);
            ByteArrayOutputStream taken = new ByteArrayOutputStream();
            assertThatThrownBy(() -> in.transferTo(taken)).isInstanceOf(Error.class);
            assertThat(taken.size()).isPositive();
            assertThat(in.available()).isZero();
            in.transferTo(taken);
            assertThat(taken.toByteArray()).isEqualTo(BLOB.plaintext());
        }
    }

    @Test
    void readTree_storeThrows_isFetched() throws IOException {
        store.beforeTree = throwsAt(1);
        try (Blob blob = open()) {
            assertReadable(blob);
        }
    }

    @Test
    void put_throws_failsWhoWaitsAndIsDoneAgainForTheNextRead() throws IOException {
        store.beforePut = throwsAt(1);
        try (Blob blob = open()) {
            assertStoreFailed(blob.readAsync(new ByteRange(0, blob.size())));
            assertReadable(blob);
        }
    }

    @Test
    void open_storeThrows_failsAndWipesTheKey() throws IOException {
        store.beforeOpen = throwsAt(1);
        assertStoreFailed(client.openAsync(BLOB.id()));
        assertThat(keys.allWiped()).isTrue();
        try (Blob blob = open()) {
            assertReadable(blob);
        }
    }

    @Test
    void open_storeThrowsWhenTheSessionBegins_failsAndWipesTheKey() throws IOException {
        store.beforePin = throwsAt(1);
        assertStoreFailed(client.openAsync(BLOB.id()));
        assertThat(keys.allWiped()).isTrue();
        try (Blob blob = open()) {
            assertReadable(blob);
        }
    }

    @Test
    void open_callbackExecutorThrows_isReadable() throws IOException {
        origin.add("o", BLOB, Script.all(BLOB));
        try (Runnel unheard = Runnel.builder()
                        .keySource(new FixedKeys(BLOB))
                        .source(origin)
                        .callbackExecutor(task -> {
                            throw new IllegalStateException("scripted");
                        })
                        .build();
                Blob blob = unheard.open(BLOB.id())) {
            assertReadable(blob);
        }
    }

    @Test
    void open_oneProviderThrows_othersServe() throws IOException {
        SharedBlob.Subscription holdsOn = () -> {
            throw scripted();
        };
        origin.add("o", BLOB, Script.all(BLOB));
        FixedKeys others = new FixedKeys(BLOB);
        try (Runnel careful = Runnel.builder()
                        .keySource(others)
                        .source(new BrokenProvider(() -> {
                            throw scripted();
                        }))
                        .source(new BrokenProvider(() -> holdsOn))
                        .source(origin)
                        .build();
                Blob blob = careful.open(BLOB.id())) {
            assertReadable(blob);
        }
        assertThat(origin.attachedBlobs()).isZero();
        assertThat(others.allWiped()).isTrue();
    }

    @Test
    void readAsync_storeThrows_fails() throws IOException {
        try (Blob blob = open()) {
            store.beforeRead = throwsAt(1);
            assertThrown(blob.readAsync(new ByteRange(0, blob.size())));
            assertReadable(blob);
        }
    }

    @Test
    void readGroups_ofAPeerAndTheStoreThrows_fails() throws IOException {
        try (Blob blob = open()) {
            assertReadable(blob);
            blob.seeding(true);
            Awaitility.await().until(() -> origin.shared(BLOB.id()).held().count() == BLOB.groups());
            store.beforeRead = throwsAt(1);
            assertThrown(origin.shared(BLOB.id()).readGroups(new GroupRange(0, 1)));
        }
    }

    @Test
    void downloadToAsync_progressThrows_fails() throws IOException {
        Path target = temp.resolve("file");
        try (Blob blob = open()) {
            assertThrown(blob.downloadToAsync(target, (done, total) -> {
                throw scripted();
            }));
            assertThat(target).doesNotExist();
            assertReadable(blob);
        }
    }

    @Test
    void publisher_storeThrows_tellsTheSubscriber() throws IOException {
        try (Blob blob = open()) {
            store.beforeRead = throwsAt(1);
            Taker taker = new Taker(() -> {});
            blob.publisher().subscribe(taker);
            assertThrown(taker.end);
        }
    }

    @Test
    void publisher_subscriberThrows_isCancelled() throws Exception {
        ScriptedSource source = origin.add("o", BLOB, Script.all(BLOB).muteFrom(100));
        try (Blob blob = client.open(BLOB.id())) {
            CompletableFuture<Void> threw = new CompletableFuture<>();
            Taker taker = new Taker(() -> {
                Awaitility.await().until(() -> source.delivered() >= 100 && source.underWay() > 0);
                threw.complete(null);
                throw scripted();
            });
            blob.publisher().subscribe(taker);
            threw.get();
            Awaitility.await().until(() -> source.underWay() == 0);
            assertThat(taker.pieces).hasValue(1);
            assertThat(blob.read(new ByteRange(0, 10))).isEqualTo(Arrays.copyOf(BLOB.plaintext(), 10));
        }
    }

    /** Finds nobody. */
    private record BrokenProvider(Supplier<SharedBlob.Subscription> attached) implements SourceProvider {
        @Override
        public Kind kind() {
            return Kind.PEER;
        }

        @Override
        public SharedBlob.Subscription attach(SharedBlob blob, Listener listener) {
            return attached.get();
        }

        @Override
        public void ban(SourceInfo source) {
            throw new IllegalStateException("has no source");
        }

        @Override
        public void close() {}
    }

    /** Asks for everything, and does something with each piece. */
    private static final class Taker implements Flow.Subscriber<ByteBuffer> {
        final CompletableFuture<Void> end = new CompletableFuture<>();
        final AtomicInteger pieces = new AtomicInteger();
        private final Runnable action;

        Taker(Runnable action) {
            this.action = action;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer piece) {
            pieces.incrementAndGet();
            action.run();
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }
}
