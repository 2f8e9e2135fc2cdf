package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchException.Reason;
import io.runnel.fetch.FetchSettings;
import io.runnel.keys.FixedKeys;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.PeerPath;
import io.runnel.source.ScriptedSource;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.SourceProvider;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An app's own source that throws, or gives null: it harms no other source, no other blob, and not the engine. */
@Timeout(20)
class BrokenSourceTest {
    private static final TestBlob BLOB = TestBlob.random(60, (2 << 20) + 5);

    /** What an unknown origin is asked for; once these have come it is asked for much more at once. */
    private static final long PROBE_GROUPS = 32;

    private static final TestBlob OTHER = TestBlob.random(61, (2 << 20) + 7);

    private static final SourceInfo GOOD = new SourceInfo("origin:good", Kind.ORIGIN);

    /** What is wrong with the source. */
    private enum Fault {
        INFO_THROWS,
        INFO_NULL,
        AVAILABLE_THROWS,
        AVAILABLE_NULL,
        PATH_THROWS,
        PATH_NULL,
        TREE_THROWS,
        TREE_NULL,
        TREE_OF_NULL,
        TREE_FAILS,
        FETCH_THROWS,
        FETCH_THROWS_CHECKED,
        RECEIVED_NULL,
        FAILED_NULL,
        CANCEL_THROWS
    }

    private final Recorder recorder = new Recorder();
    private final FixedKeys keys = new FixedKeys(BLOB, OTHER);
    private Runnel client;

    @AfterEach
    void closeClient() {
        client.close();
        assertThat(recorder.rudeness).isEmpty();
        assertThat(keys.allWiped()).isTrue();
    }

    /** Its reads fail long before the silence of a source would be noticed. */
    private Runnel client(Found... providers) {
        Runnel.Builder builder = Runnel.builder()
                .keySource(keys)
                .listener(recorder)
                .settings(FetchSettings.defaults()
                        .withPeerWait(Duration.ofMillis(200))
                        .withStallTimeout(Duration.ofSeconds(30))
                        .withNoProgressTimeout(Duration.ofSeconds(2)));
        for (Found provider : providers) {
            builder.source(provider);
        }
        client = builder.build();
        return client;
    }

    private static ScriptedSource good(TestBlob blob) {
        return new ScriptedSource(GOOD, blob, Script.all(blob));
    }

    private static BrokenSource broken(Kind kind, Fault fault, Script script) {
        return new BrokenSource(new ScriptedSource(new SourceInfo("own", kind), BLOB, script), fault);
    }

    private static void assertReadable(Blob blob, TestBlob expected) throws IOException {
        assertThat(blob.read(new ByteRange(0, blob.size()))).isEqualTo(expected.plaintext());
    }

    @ParameterizedTest
    @EnumSource
    void read_brokenSourceBesideAGoodOrigin_isThePlaintext(Fault fault) throws IOException {
        // Trees are asked of an origin first, of peers that are not known yet last.
        Kind kind = fault.name().startsWith("TREE") ? Kind.ORIGIN : Kind.PEER;
        // What a peer keeps silent on is taken back once the origin has given it.
        Script script = fault == Fault.CANCEL_THROWS ? Script.all(BLOB).muteFrom(0) : Script.all(BLOB);
        BrokenSource broken = broken(kind, fault, script);
        Found first = new Found(kind, Map.of(BLOB.id(), broken));
        Found origin = new Found(Kind.ORIGIN, Map.of(BLOB.id(), good(BLOB)));
        try (Blob blob = client(first, origin).open(BLOB.id())) {
            assertReadable(blob, BLOB);
            assertThat(blob.stats().bytesBySource()).isNotEmpty();
            Awaitility.await().untilAsserted(() -> assertThat(broken.breaches).hasPositiveValue());
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_brokenOriginOfAnotherBlob_isThePlaintext(Fault fault) throws IOException {
        Found origins = new Found(
                Kind.ORIGIN, Map.of(BLOB.id(), broken(Kind.ORIGIN, fault, Script.all(BLOB)), OTHER.id(), good(OTHER)));
        try (Blob one = client(origins).open(BLOB.id());
                Blob other = client.open(OTHER.id())) {
            CompletableFuture<ByteBuffer> harmed = one.readAsync(new ByteRange(0, one.size()));
            assertReadable(other, OTHER);
            harmed.cancel(false);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TREE_THROWS", "FETCH_THROWS", "FETCH_THROWS_CHECKED"})
    void read_brokenOriginAlone_failsBecauseOfWhatItThrew(Fault fault) throws IOException {
        Found origin = new Found(Kind.ORIGIN, Map.of(BLOB.id(), broken(Kind.ORIGIN, fault, Script.all(BLOB))));
        try (Blob blob = client(origin).open(BLOB.id())) {
            assertThatThrownBy(blob.readAsync(new ByteRange(0, blob.size()))::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            FetchException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ORIGIN_FAILED))
                    .hasMessageContaining(BrokenSource.class.getName())
                    .hasMessageNotContaining("secret")
                    .hasCauseInstanceOf(SourceException.class)
                    .hasRootCauseMessage("token=secret");
        }
    }

    @Test
    void availabilityChanged_sourceThrowsFromThenOn_isTakenOut() throws IOException {
        BrokenSource broken = broken(Kind.PEER, Fault.AVAILABLE_THROWS, Script.all(BLOB));
        broken.healthy = true;
        Found peers = new Found(Kind.PEER, Map.of(BLOB.id(), broken));
        Found origin = new Found(Kind.ORIGIN, Map.of(BLOB.id(), good(BLOB)));
        try (Blob blob = client(peers, origin).open(BLOB.id())) {
            Awaitility.await().until(() -> recorder.isPresent(BLOB.id(), broken.real.info()));
            broken.healthy = false;
            peers.listeners.forEach(listener -> listener.availabilityChanged(broken));
            Awaitility.await().until(() -> recorder.left.contains(broken.real.info()));
            assertReadable(blob, BLOB);
            assertThat(broken.real.asked()).isZero();
        }
    }

    @Test
    void read_treeOfTheOnlyOriginFails_doesNotSayWhatTheAppSaid() throws IOException {
        Found origin =
                new Found(Kind.ORIGIN, Map.of(BLOB.id(), broken(Kind.ORIGIN, Fault.TREE_FAILS, Script.all(BLOB))));
        try (Blob blob = client(origin).open(BLOB.id())) {
            assertThatThrownBy(() -> blob.read(new ByteRange(0, blob.size())))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("IllegalStateException")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void ban_providerThrows_theLiarIsRejectedAndTheRestComesFromOthers() throws IOException {
        ScriptedSource liar = new ScriptedSource(
                new SourceInfo("liar", Kind.PEER), BLOB, Script.all(BLOB).liesAlways());
        Found peers = new Found(Kind.PEER, Map.of(BLOB.id(), liar)) {
            @Override
            public void ban(SourceInfo source) {
                throw new IllegalStateException("cannot ban");
            }
        };
        Found origin = new Found(Kind.ORIGIN, Map.of());
        try (Blob blob = client(peers, origin).open(BLOB.id())) {
            CompletableFuture<ByteBuffer> read = blob.readAsync(new ByteRange(0, blob.size()));
            Awaitility.await().until(() -> recorder.rejected.contains(liar.info()));
            assertThat(liar.underWay()).isZero();
            origin.listeners.forEach(listener -> listener.joined(good(BLOB)));
            assertThat(read.join()).isEqualTo(ByteBuffer.wrap(BLOB.plaintext()));
        }
    }

    @Test
    void cancel_sourceThrows_allItsRequestsAreCancelled() throws IOException {
        BrokenSource broken =
                broken(Kind.ORIGIN, Fault.CANCEL_THROWS, Script.all(BLOB).muteFrom(PROBE_GROUPS));
        Found origin = new Found(Kind.ORIGIN, Map.of(BLOB.id(), broken));
        try (Blob blob = client(origin).open(BLOB.id())) {
            CompletableFuture<ByteBuffer> read = blob.readAsync(new ByteRange(0, blob.size()));
            Awaitility.await().until(() -> broken.real.underWay() > 1);
            read.cancel(false);
            Awaitility.await().until(() -> broken.real.underWay() == 0);
            assertThat(broken.breaches).hasValueGreaterThan(1);
        }
    }

    /** Finds one source of each blob. */
    private static class Found implements SourceProvider {
        final List<Listener> listeners = new CopyOnWriteArrayList<>();
        private final Kind kind;
        private final Map<BlobId, ? extends BlobSource> sources;

        Found(Kind kind, Map<BlobId, ? extends BlobSource> sources) {
            this.kind = kind;
            this.sources = sources;
        }

        @Override
        public Kind kind() {
            return kind;
        }

        @Override
        public SharedBlob.Subscription attach(SharedBlob blob, Listener listener) {
            listeners.add(listener);
            BlobSource source = sources.get(blob.id());
            if (source != null) {
                listener.joined(source);
            }
            return () -> listeners.remove(listener);
        }

        @Override
        public void ban(SourceInfo source) {}

        @Override
        public void close() {}
    }

    /** A good source, save for its fault. */
    private static final class BrokenSource implements BlobSource {
        final ScriptedSource real;
        final AtomicInteger breaches = new AtomicInteger();
        volatile boolean healthy;
        private final Fault fault;

        BrokenSource(ScriptedSource real, Fault fault) {
            this.real = real;
            this.fault = fault;
        }

        private boolean is(Fault asked) {
            if (fault != asked || healthy) {
                return false;
            }
            breaches.incrementAndGet();
            return true;
        }

        private void throwWhere(Fault asked) {
            if (is(asked)) {
                throw new IllegalStateException("token=secret");
            }
        }

        /** As Kotlin may throw what no method declares. */
        @SuppressWarnings("unchecked")
        private static <E extends Exception> void throwUndeclared(Exception undeclared) throws E {
            throw (E) undeclared;
        }

        @Override
        public SourceInfo info() {
            throwWhere(Fault.INFO_THROWS);
            return is(Fault.INFO_NULL) ? null : real.info();
        }

        @Override
        public GroupSet available() {
            throwWhere(Fault.AVAILABLE_THROWS);
            return is(Fault.AVAILABLE_NULL) ? null : real.available();
        }

        @Override
        public PeerPath path() {
            throwWhere(Fault.PATH_THROWS);
            return is(Fault.PATH_NULL) ? null : real.path();
        }

        @Override
        public CompletableFuture<ByteBuffer> tree(long offset, int length) {
            throwWhere(Fault.TREE_THROWS);
            if (is(Fault.TREE_OF_NULL)) {
                return CompletableFuture.completedFuture(null);
            }
            if (is(Fault.TREE_FAILS)) {
                return CompletableFuture.failedFuture(new IllegalStateException("token=secret"));
            }
            return is(Fault.TREE_NULL) ? null : real.tree(offset, length);
        }

        @Override
        public Transfer fetch(GroupRange groups, GroupReceiver receiver) {
            throwWhere(Fault.FETCH_THROWS);
            if (is(Fault.FETCH_THROWS_CHECKED)) {
                BrokenSource.<RuntimeException>throwUndeclared(new IOException("token=secret"));
            }
            if (is(Fault.RECEIVED_NULL)) {
                receiver.received(groups.first(), null);
                return () -> {};
            }
            if (is(Fault.FAILED_NULL)) {
                receiver.failed(null);
                return () -> {};
            }
            Transfer transfer = real.fetch(groups, receiver);
            return () -> {
                transfer.cancel();
                throwWhere(Fault.CANCEL_THROWS);
            };
        }
    }
}
