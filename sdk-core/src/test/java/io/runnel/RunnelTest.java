package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchSettings;
import io.runnel.fetch.FetchStats;
import io.runnel.keys.FixedKeys;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import io.runnel.store.BlobStore;
import io.runnel.store.MemoryBlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunnelTest {
    private static final int MIB = 1 << 20;

    /** Three windows of the tree, the last a short one. */
    private static final TestBlob BLOB = TestBlob.random(42, 36 * MIB + 4321);

    private static final TestBlob SMALL = TestBlob.random(43, 3 * MIB + 5);

    private final ScriptedProvider peers = new ScriptedProvider(Kind.PEER);
    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
    private final FixedKeys keys = new FixedKeys(BLOB, SMALL);
    private final Recorder recorder = new Recorder();
    private FetchSettings settings = FetchSettings.defaults()
            .withStallTimeout(Duration.ofMillis(300))
            .withPeerWait(Duration.ofMillis(200))
            .withNoProgressTimeout(Duration.ofSeconds(20));
    private Runnel client;

    @TempDir
    private Path temp;

    private Runnel client(BlobStore store, ScriptedProvider... providers) {
        Runnel.Builder builder =
                Runnel.builder().keySource(keys).store(store).listener(recorder).settings(settings);
        for (ScriptedProvider provider : providers) {
            builder.source(provider);
        }
        client = builder.build();
        return client;
    }

    private Runnel client(ScriptedProvider... providers) {
        return client(new MemoryBlobStore(64 * MIB), providers);
    }

    @AfterEach
    void closeClient() {
        if (client != null) {
            client.close();
        }
        assertThat(recorder.rudeness).isEmpty();
        assertThat(keys.allWiped()).isTrue();
    }

    @Test
    void read_originAlone_isThePlaintext() throws IOException {
        origin.add("o", BLOB, Script.all(BLOB));
        try (Blob blob = client(origin).open(BLOB.id())) {
            assertThat(blob.size()).isEqualTo(BLOB.plaintext().length);
            assertThat(blob.read(new ByteRange(0, blob.size()))).isEqualTo(BLOB.plaintext());
            assertThat(blob.stats().bytesFrom(Kind.ORIGIN)).isEqualTo(BLOB.bytes().length);
            assertThat(blob.stats().offload()).isZero();
        }
    }

    @Test
    void read_peersAlone_isThePlaintext() throws IOException {
        peers.add("a", BLOB, new Script().holds(GroupSet.of(new GroupRange(0, 1200))));
        peers.add("b", BLOB, new Script().holds(GroupSet.of(new GroupRange(600, 2305))));
        try (Blob blob = client(peers).open(BLOB.id())) {
            assertThat(blob.read(new ByteRange(0, blob.size()))).isEqualTo(BLOB.plaintext());
            assertThat(blob.stats().offload()).isEqualTo(1);
            assertThat(blob.stats().bytesBySource()).hasSize(2);
        }
    }

    @Test
    void inputStream_peersHoldHalvesAndOriginTheRest_allContribute() throws IOException {
        peers.add("a", BLOB, new Script().holds(GroupSet.of(new GroupRange(100, 900))));
        peers.add("b", BLOB, new Script().holds(GroupSet.of(new GroupRange(900, 1800))));
        origin.add("o", BLOB, Script.all(BLOB));
        try (Blob blob = client(peers, origin).open(BLOB.id());
                InputStream in = blob.inputStream()) {
            assertThat(in.readAllBytes()).isEqualTo(BLOB.plaintext());
            Map<SourceInfo, Long> bySource = blob.stats().bytesBySource();
            assertThat(bySource).hasSize(3);
            assertThat(bySource.values().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(BLOB.bytes().length);
        }
    }

    @Test
    void read_randomRanges_areThePlaintext() throws IOException {
        origin.add("o", BLOB, Script.all(BLOB));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Blob blob = client(origin).open(BLOB.id())) {
            for (int i = 0; i < 60; i++) {
                int offset = random.nextInt(BLOB.plaintext().length);
                int length = random.nextInt(Math.min(200_000, BLOB.plaintext().length - offset + 1));
                assertThat(blob.read(new ByteRange(offset, length)))
                        .as("seed %d", seed)
                        .isEqualTo(Arrays.copyOfRange(BLOB.plaintext(), offset, offset + length));
            }
        }
    }

    @Test
    void read_tinyBlobs_areThePlaintext() throws IOException {
        for (int size : new int[] {0, 1, 16 * 1024 - 40, 16 * 1024 - 39, 16 * 1024, 16 * 1024 + 1}) {
            TestBlob tiny = TestBlob.random(size, size);
            ScriptedProvider provider = new ScriptedProvider(Kind.ORIGIN);
            provider.add("o", tiny, Script.all(tiny));
            try (Runnel own = Runnel.builder()
                            .keySource(new FixedKeys(tiny))
                            .source(provider)
                            .build();
                    Blob blob = own.open(tiny.id());
                    InputStream in = blob.inputStream()) {
                assertThat(in.readAllBytes()).as("size %d", size).isEqualTo(tiny.plaintext());
                blob.prefetch().join();
                assertThat(provider.shared(tiny.id()).held()).isEqualTo(GroupSet.all(tiny.groups()));
            }
        }
    }

    @Test
    void read_blobLargerThanTheStore_isThePlaintext() throws IOException {
        origin.add("o", BLOB, Script.all(BLOB));
        settings = settings.withLookAheadBytes(2 * MIB);
        try (Blob blob = client(new MemoryBlobStore(6 * MIB), origin).open(BLOB.id());
                InputStream in = blob.inputStream()) {
            assertThat(in.readAllBytes()).isEqualTo(BLOB.plaintext());
        }
    }

    @Test
    void wholeRead_tagDoesNotFitTheKey_failsWithIntegrity() throws IOException {
        for (int size : new int[] {0, 16 * 1024 - 30, 500_000}) {
            TestBlob wrong = TestBlob.withWrongTag(size, size);
            ScriptedProvider provider = new ScriptedProvider(Kind.ORIGIN);
            provider.add("o", wrong, Script.all(wrong));
            Path target = temp.resolve("wrong");
            try (Runnel own = Runnel.builder()
                            .keySource(new FixedKeys(wrong))
                            .source(provider)
                            .build();
                    Blob blob = own.open(wrong.id())) {
                assertThatThrownBy(() -> blob.downloadTo(target))
                        .isInstanceOfSatisfying(
                                FetchException.class,
                                e -> assertThat(e.reason()).isEqualTo(FetchException.Reason.INTEGRITY));
                assertThat(target).doesNotExist();
            }
        }
    }

    @Test
    void open_unknownBlob_failsWithNotFound() {
        origin.add("o", BLOB, Script.all(BLOB));
        Runnel runnel = client(origin);
        assertThatThrownBy(() -> runnel.open(TestBlob.random(99, 10).id()))
                .isInstanceOfSatisfying(
                        FetchException.class, e -> assertThat(e.reason()).isEqualTo(FetchException.Reason.NOT_FOUND));
    }

    @Test
    void read_originFailures_haveTheirReasons() {
        Map<SourceException.Reason, FetchException.Reason> expected = Map.of(
                SourceException.Reason.NOT_FOUND, FetchException.Reason.NOT_FOUND,
                SourceException.Reason.DENIED, FetchException.Reason.ORIGIN_DENIED,
                SourceException.Reason.UNREACHABLE, FetchException.Reason.ORIGIN_FAILED);
        settings = settings.withNoProgressTimeout(Duration.ofMillis(700));
        expected.forEach((failure, reason) -> {
            ScriptedProvider failing = new ScriptedProvider(Kind.ORIGIN);
            failing.add("o", SMALL, Script.all(SMALL).failsAfter(0, failure));
            try (Runnel own = Runnel.builder()
                            .keySource(new FixedKeys(SMALL))
                            .source(failing)
                            .settings(settings)
                            .build();
                    Blob blob = own.open(SMALL.id())) {
                assertThatThrownBy(() -> blob.read(new ByteRange(0, 10)))
                        .isInstanceOfSatisfying(
                                FetchException.class,
                                e -> assertThat(e.reason()).isEqualTo(reason));
            } catch (FetchException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void read_originRecovers_goesOn() throws IOException {
        ScriptedSource down =
                origin.add("o", SMALL, Script.all(SMALL).failsAfter(16, SourceException.Reason.UNREACHABLE));
        try (Blob blob = client(origin).open(SMALL.id())) {
            CompletableFuture<ByteBuffer> read = blob.readAsync(new ByteRange(0, blob.size()));
            Awaitility.await().until(() -> down.delivered() >= 16);
            origin.leave(down);
            origin.add("again", SMALL, Script.all(SMALL));
            assertThat(read.join().array()).isEqualTo(SMALL.plaintext());
        }
    }

    @Test
    void read_nobodyThere_timesOut() throws IOException {
        settings = settings.withNoProgressTimeout(Duration.ofMillis(300));
        try (Blob blob = client(peers).open(SMALL.id())) {
            assertThatThrownBy(() -> blob.read(new ByteRange(0, 10)))
                    .isInstanceOfSatisfying(
                            FetchException.class,
                            e -> assertThat(e.reason()).isEqualTo(FetchException.Reason.TIMED_OUT));
        }
    }

    @Test
    void prefetch_all_isSharedWithPeersWhileItComes() throws Exception {
        peers.add("a", BLOB, Script.all(BLOB));
        try (Blob blob = client(peers).open(BLOB.id())) {
            blob.seeding(true);
            List<Long> counts = new CopyOnWriteArrayList<>();
            try (var subscription = peers.shared(BLOB.id()).onHeldChanged(held -> counts.add(held.count()))) {
                blob.prefetch().get(30, TimeUnit.SECONDS);
                Awaitility.await().until(() -> !counts.isEmpty() && counts.get(counts.size() - 1) == BLOB.groups());
                assertThat(subscription).isNotNull();
            }
            assertThat(counts).hasSizeGreaterThan(10);
            GroupRange some = new GroupRange(5, 9);
            assertThat(peers.shared(BLOB.id()).readGroups(some).join().array()).isEqualTo(BLOB.groups(some));
            ByteBuffer nodes = peers.shared(BLOB.id()).readTree(0, 640).join();
            assertThat(nodes.array()).isEqualTo(Arrays.copyOf(BLOB.outboard(), 640));
        }
    }

    @Test
    void revoked_whileOpen_everythingFailsAndKeysAreWiped() throws IOException {
        origin.add("o", BLOB, Script.all(BLOB).muteAfter(100));
        Runnel runnel = client(origin);
        Blob blob = runnel.open(BLOB.id());
        CompletableFuture<ByteBuffer> read = blob.readAsync(new ByteRange(0, blob.size()));
        keys.revoke();
        assertThatThrownBy(read::join)
                .cause()
                .isInstanceOfSatisfying(
                        FetchException.class, e -> assertThat(e.reason()).isEqualTo(FetchException.Reason.KEY_REVOKED));
        assertThatThrownBy(() -> runnel.open(BLOB.id()))
                .isInstanceOfSatisfying(
                        FetchException.class, e -> assertThat(e.reason()).isEqualTo(FetchException.Reason.KEY_REVOKED));
        assertThat(keys.allWiped()).isTrue();
        assertThat(origin.attachedBlobs()).isZero();
        Awaitility.await().untilAsserted(() -> assertThat(recorder.finished).containsOnlyKeys(BLOB.id()));
        assertThat(recorder.revoked).containsExactly(BLOB.id());
        assertThat(recorder.rudeness).isEmpty();
        blob.close();
    }

    @Test
    void close_whileReading_failsTheReadAndEndsAllThreads() throws IOException {
        origin.add("o", BLOB, Script.all(BLOB).muteAfter(100));
        Runnel runnel = client(origin);
        Blob blob = runnel.open(BLOB.id());
        CompletableFuture<ByteBuffer> read = blob.readAsync(new ByteRange(0, blob.size()));
        runnel.close();
        runnel.close();
        assertThatThrownBy(read::join)
                .cause()
                .isInstanceOfSatisfying(
                        FetchException.class, e -> assertThat(e.reason()).isEqualTo(FetchException.Reason.CLOSED));
        assertThat(keys.isClosed()).isTrue();
        assertThat(origin.isClosed()).isTrue();
        Awaitility.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("runnel-")));
        assertThat(recorder.finished).containsKey(BLOB.id());
    }

    @Test
    void open_twice_sharesOneFetch() throws IOException {
        origin.add("o", SMALL, Script.all(SMALL));
        Runnel runnel = client(origin);
        try (Blob one = runnel.open(SMALL.id());
                Blob two = runnel.open(SMALL.id())) {
            assertThat(origin.attachedBlobs()).isEqualTo(1);
            one.close();
            assertThat(two.read(new ByteRange(0, two.size()))).isEqualTo(SMALL.plaintext());
        }
        Awaitility.await().until(() -> origin.attachedBlobs() == 0);
    }

    @Test
    void events_ofOneFetch_addUpAndEnd() throws IOException {
        peers.add("a", BLOB, Script.all(BLOB));
        origin.add("o", BLOB, Script.all(BLOB));
        try (Blob blob = client(peers, origin).open(BLOB.id());
                InputStream in = blob.inputStream()) {
            assertThat(in.readAllBytes()).hasSize(BLOB.plaintext().length);
        }
        Awaitility.await().until(() -> recorder.finished.containsKey(BLOB.id()));
        FetchStats totals = recorder.finished.get(BLOB.id());
        GroupSet verified = recorder.verified.values().stream().reduce(GroupSet.empty(), GroupSet::union);
        assertThat(verified).isEqualTo(GroupSet.all(BLOB.groups()));
        assertThat(totals.timeToFirstByte()).isPresent();
        assertThat(totals.timeToFirstByte().orElseThrow()).isLessThan(totals.elapsed());
        assertThat(recorder.left).extracting(SourceInfo::id).containsExactlyInAnyOrder("peer:a", "origin:o");
        assertThat(client.stats().peers()).isEmpty();
    }
}
