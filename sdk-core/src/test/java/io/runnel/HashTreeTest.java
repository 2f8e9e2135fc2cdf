package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchSettings;
import io.runnel.keys.FixedKeys;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing can be asked for before its hash tree is there: no peer may hold that up. On the real engine. */
@Timeout(30)
class HashTreeTest {
    private static final int MIB = 1 << 20;

    /** Three windows of the tree, the last a short one. */
    private static final TestBlob BLOB = TestBlob.random(44, 36 * MIB + 4321);

    private final ScriptedProvider peers = new ScriptedProvider(Kind.PEER);
    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);

    /** Whoever waits for a timeout, or for peers, waits longer than the test does. */
    private final FetchSettings settings = FetchSettings.defaults()
            .withStallTimeout(Duration.ofSeconds(60))
            .withNoProgressTimeout(Duration.ofSeconds(60))
            .withPeerWait(Duration.ofSeconds(60));

    private final Runnel client = Runnel.builder()
            .keySource(new FixedKeys(BLOB))
            .source(peers)
            .source(origin)
            .settings(settings)
            .build();

    @AfterEach
    void close() {
        client.close();
    }

    private void readAll() throws IOException {
        try (Blob blob = client.open(BLOB.id())) {
            assertThat(blob.read(new ByteRange(0, blob.size()))).isEqualTo(BLOB.plaintext());
        }
    }

    @Test
    void read_peersThatHaveProvenNothing_areNotWaitedFor() throws IOException {
        for (int i = 0; i < 4; i++) {
            peers.add("mute" + i, BLOB, Script.all(BLOB).muteAfter(0));
        }
        origin.add("o", BLOB, Script.all(BLOB));
        readAll();
    }

    @Test
    void read_peerThatHasProvenMuchIsMuteOnTheNextTree_isNotWaitedFor() throws IOException {
        // As many parts as the first window's tree has.
        ScriptedSource peer = peers.add("p", BLOB, Script.all(BLOB).muteAfterTrees(5));
        origin.add("o", BLOB, Script.all(BLOB));
        readAll();
        assertThat(peer.delivered()).isPositive();
    }

    @Test
    void read_peersAlone_bringTheTree() throws IOException {
        peers.add("mute", BLOB, Script.all(BLOB).muteAfter(0));
        peers.add("p", BLOB, Script.all(BLOB));
        readAll();
    }

    /** Its uplink is others' too: a whole window takes it longer than it may be silent. */
    @Test
    void read_peerBringsTheTreeSlowly_isWaitedForWhileItGoesOn() throws IOException {
        peers.add("slow", BLOB, Script.all(BLOB).treeBytesPerSecond(64 << 10));
        try (Runnel alone = Runnel.builder()
                        .keySource(new FixedKeys(BLOB))
                        .source(peers)
                        .settings(settings.withStallTimeout(Duration.ofMillis(800)))
                        .build();
                Blob blob = alone.open(BLOB.id())) {
            assertThat(blob.read(new ByteRange(0, 1000))).isEqualTo(Arrays.copyOf(BLOB.plaintext(), 1000));
        }
    }

    /** Where a reader waits for what nobody has, others are served. */
    @Test
    void read_windowThatNobodyHasIsWaitedFor_readsOfOtherWindowsGoOn() throws IOException {
        GroupRange missing = new GroupRange(1024, 2048);
        peers.add("p", BLOB, new Script().holds(GroupSet.all(BLOB.groups()).minus(missing)));
        try (Blob blob = client.open(BLOB.id())) {
            blob.read(new ByteRange(0, 1000));
            CompletableFuture<ByteBuffer> waiting = blob.readAsync(new ByteRange(20L * MIB, 1000));
            assertReadsElsewhere(blob);
            assertThat(waiting).isNotDone();
        }
    }

    private static void assertReadsElsewhere(Blob blob) throws IOException {
        assertThat(blob.read(new ByteRange(33L * MIB, 100_000)))
                .isEqualTo(Arrays.copyOfRange(BLOB.plaintext(), 33 * MIB, 33 * MIB + 100_000));
    }

    /** Who seeks through a blob leaves loads behind that nobody waits for any more. */
    @Test
    void read_afterOthersWereGivenUpBesideAMutePeer_doesNotWaitForTheirTrees() throws Exception {
        TestBlob large = TestBlob.random(45, 81 * MIB);
        try (Runnel seeking = Runnel.builder()
                        .keySource(new FixedKeys(large))
                        .source(peers)
                        .source(origin)
                        .settings(settings)
                        .build();
                Blob blob = seeking.open(large.id())) {
            ScriptedSource mute = peers.add("mute", large, Script.all(large).withholdsTrees());
            for (int window = 1; window <= 4; window++) {
                long before = mute.asked();
                CompletableFuture<ByteBuffer> read = blob.readAsync(new ByteRange(16L * MIB * window + MIB, 1000));
                await().until(() -> mute.asked() > before);
                read.cancel(true);
            }
            origin.add("o", large, Script.all(large));
            assertThat(blob.read(new ByteRange(80L * MIB, 1000)))
                    .isEqualTo(Arrays.copyOfRange(large.plaintext(), 80 * MIB, 80 * MIB + 1000));
        }
    }

    /** And what comes of it at last is proven beside what was proven meanwhile. */
    @Test
    void read_windowOfAMutePeerIsWaitedFor_readsOfOtherWindowsGoOn() throws Exception {
        GroupRange slow = new GroupRange(1024, 2048);
        ScriptedSource mute =
                peers.add("mute", BLOB, new Script().holds(GroupSet.of(slow)).withholdsTrees());
        try (Blob blob = client.open(BLOB.id())) {
            CompletableFuture<?> prefetch = blob.prefetch();
            CompletableFuture<ByteBuffer> read = blob.readAsync(new ByteRange(20L * MIB, 1000));
            await().until(() -> mute.asked() > 0);
            ScriptedSource peer = peers.add(
                    "p", BLOB, new Script().holds(GroupSet.all(BLOB.groups()).minus(slow)));
            assertReadsElsewhere(blob);
            await().until(() -> peer.delivered() == BLOB.groups() - slow.count());
            assertThat(read).isNotDone();
            mute.heal();
            assertThat(read.get()).isEqualTo(ByteBuffer.wrap(BLOB.plaintext(), 20 * MIB, 1000));
            prefetch.get();
        }
        assertThat(peers.banned()).isEmpty();
    }
}
