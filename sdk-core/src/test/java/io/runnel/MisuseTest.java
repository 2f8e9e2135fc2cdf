package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchException.Reason;
import io.runnel.fetch.Playback;
import io.runnel.keys.BlobGrant;
import io.runnel.keys.FixedKeys;
import io.runnel.keys.KeyException;
import io.runnel.keys.KeySource;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an app must not do: it hears of it at once, by name. */
@Timeout(20)
class MisuseTest {
    private static final TestBlob BLOB = TestBlob.random(52, 100_000);
    private static final ByteRange RANGE = new ByteRange(0, 10);

    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);

    private Runnel client(KeySource keys) {
        origin.add("o", BLOB, Script.all(BLOB));
        return Runnel.builder().keySource(keys).source(origin).build();
    }

    private static void assertNamed(String name, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(name);
    }

    @Test
    void builder_null_isNamed() {
        Runnel.Builder builder = Runnel.builder();
        assertNamed("keySource", () -> builder.keySource(null));
        assertNamed("source", () -> builder.source(null));
        assertNamed("store", () -> builder.store(null));
        assertNamed("listener", () -> builder.listener(null));
        assertNamed("callbackExecutor", () -> builder.callbackExecutor(null));
        assertNamed("settings", () -> builder.settings(null));
    }

    @Test
    void client_null_isNamed() {
        try (Runnel client = client(new FixedKeys(BLOB))) {
            assertNamed("id", () -> client.open(null));
            assertNamed("id", () -> client.openAsync(null));
            assertNamed("id", () -> client.warm(null));
        }
    }

    @Test
    void blob_null_isNamedAndTheBlobGoesOn() throws IOException {
        Path target = Path.of("never-written");
        try (Runnel client = client(new FixedKeys(BLOB));
                Blob blob = client.open(BLOB.id())) {
            assertNamed("range", () -> blob.read(null));
            assertNamed("range", () -> blob.readAsync(null));
            assertNamed("range", () -> blob.inputStream(null));
            assertNamed("range", () -> blob.publisher(null));
            assertNamed("playback", () -> blob.inputStream(RANGE, null));
            assertNamed("playback", () -> blob.channel(null));
            assertNamed("playback", () -> blob.publisher(RANGE, null));
            assertNamed("target", () -> blob.downloadTo(null));
            assertNamed("progress", () -> blob.downloadTo(target, null));
            assertNamed("progress", () -> blob.downloadToAsync(target, null));
            assertNamed("hint", () -> new Playback().report(null));
            assertThat(blob.read(new ByteRange(0, blob.size()))).isEqualTo(BLOB.plaintext());
        }
    }

    @Test
    void whatAnAppsOwnSourceAndKeysGive_nullOrOutOfRange_isNamed() {
        SourceException.Reason reason = SourceException.Reason.BUSY;
        assertNamed("id", () -> new SourceInfo(null, Kind.PEER));
        assertNamed("kind", () -> new SourceInfo("id", null));
        assertNamed("reason", () -> new SourceException(null, "why"));
        assertNamed("message", () -> new SourceException(reason, null));
        assertNamed("retryAfter", () -> new SourceException(reason, "why", null));
        assertThatThrownBy(() -> new SourceException(reason, "why", Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("retryAfter");
        assertNamed("reason", () -> new KeyException(null, "why"));
        assertNamed("message", () -> new KeyException(KeyException.Reason.DENIED, null));
    }

    /** Gives what it is told to. */
    private record GivenKeys(Supplier<CompletableFuture<BlobGrant>> given) implements KeySource {
        @Override
        public CompletableFuture<BlobGrant> grant(BlobId id) {
            return given.get();
        }

        @Override
        public void onRevoked(Runnable action) {}

        @Override
        public void close() {}
    }

    private void assertKeySourceFailed(Supplier<CompletableFuture<BlobGrant>> given, Class<? extends Throwable> cause) {
        try (Runnel client = client(new GivenKeys(given))) {
            assertThatThrownBy(client.openAsync(BLOB.id())::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            FetchException.class, e -> assertThat(e.reason()).isEqualTo(Reason.KEY_UNAVAILABLE))
                    .hasMessageContaining("the key source failed")
                    .hasMessageContaining(cause.getName())
                    .hasMessageNotContaining("secret")
                    .hasCauseInstanceOf(cause);
            assertThatThrownBy(() -> client.open(BLOB.id()))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("the key source failed")
                    .hasCauseInstanceOf(cause)
                    .satisfies(thrown -> assertThat(thrown.getSuppressed())
                            .hasOnlyElementsOfType(FetchException.class)
                            .hasSize(1));
        }
    }

    @Test
    void open_keySourceBreaksItsContract_failsAndSaysSo() {
        assertKeySourceFailed(() -> null, NullPointerException.class);
        assertKeySourceFailed(() -> CompletableFuture.completedFuture(null), NullPointerException.class);
        assertKeySourceFailed(
                () -> {
                    throw new IllegalStateException("token=secret");
                },
                IllegalStateException.class);
        assertKeySourceFailed(
                () -> {
                    throw new NoClassDefFoundError("secret");
                },
                NoClassDefFoundError.class);
        assertKeySourceFailed(() -> CompletableFuture.failedFuture(new IOException("token=secret")), IOException.class);
    }

    @Test
    void read_providerThrowsWhereItHearsOfIt_doesNotWaitForEver() throws IOException {
        try (Runnel client = client(new FixedKeys(BLOB));
                Blob blob = client.open(BLOB.id())) {
            blob.read(RANGE);
            Awaitility.await().until(() -> origin.shared(BLOB.id()).held().isEmpty());
            try (var subscription = origin.shared(BLOB.id()).onHeldChanged(held -> {
                throw new IllegalStateException("scripted");
            })) {
                assertThatThrownBy(() -> blob.readAsync(RANGE).get()).hasRootCauseMessage("scripted");
                assertThat(subscription).isNotNull();
                assertThat(blob.read(RANGE)).hasSize(10);
            }
        }
    }
}
