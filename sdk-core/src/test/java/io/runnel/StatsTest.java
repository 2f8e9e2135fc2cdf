package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.ByteRange;
import io.runnel.fetch.ClientStats;
import io.runnel.fetch.FetchListener;
import io.runnel.fetch.FetchSettings;
import io.runnel.fetch.OriginUse;
import io.runnel.fetch.Playback;
import io.runnel.fetch.PlaybackHint;
import io.runnel.fetch.Stalls;
import io.runnel.keys.FixedKeys;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.PeerPath;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.Seat;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StatsTest {
    private static final int MIB = 1 << 20;
    private static final TestBlob ONE = TestBlob.random(48, 3 * MIB);
    private static final TestBlob TWO = TestBlob.random(49, 2 * MIB);

    private final ScriptedProvider peers = new ScriptedProvider(Kind.PEER);
    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
    private final List<Duration> stalls = new CopyOnWriteArrayList<>();
    private FetchSettings settings =
            FetchSettings.defaults().withPeerWait(Duration.ZERO).withStallTimeout(Duration.ofSeconds(20));
    private Runnel client;

    @TempDir
    private Path temp;

    private Runnel client(ScriptedProvider... providers) {
        Runnel.Builder builder = Runnel.builder()
                .keySource(new FixedKeys(ONE, TWO))
                .settings(settings)
                .listener(new FetchListener() {
                    @Override
                    public void stalled(BlobId blob, Duration waited) {
                        stalls.add(waited);
                    }
                });
        for (ScriptedProvider provider : providers) {
            builder.source(provider);
        }
        client = builder.build();
        return client;
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    private static void readAll(Blob blob) throws IOException {
        blob.read(new ByteRange(0, blob.size()));
    }

    @Test
    void originUse_noSwarm_isPeersOff() throws IOException {
        origin.add("o", ONE, Script.all(ONE));
        try (Blob blob = client(origin).open(ONE.id())) {
            readAll(blob);
            assertThat(blob.stats().originUse()).isEqualTo(Map.of(OriginUse.PEERS_OFF, ONE.groups()));
        }
    }

    @Test
    void originUse_noPeerIsThere_isStartupThenNoPeers() throws IOException {
        origin.add("o", ONE, Script.all(ONE));
        settings = settings.withUrgentBytes(16 * 1024);
        try (Blob blob = client(peers, origin).open(ONE.id())) {
            blob.downloadTo(temp.resolve("file"));
            Map<OriginUse, Long> use = blob.stats().originUse();
            assertThat(use).containsOnlyKeys(OriginUse.STARTUP, OriginUse.NO_PEERS);
            assertThat(use.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(ONE.groups());
        }
    }

    @Test
    void originUse_onlySeatOfTheSwarm_isElectedWithoutAWaitForPeers() throws IOException {
        peers.seat(new Seat(0, 1));
        origin.add("o", ONE, Script.all(ONE));
        settings = settings.withUrgentBytes(0).withPeerWait(Duration.ofMinutes(1));
        try (Blob blob = client(peers, origin).open(ONE.id())) {
            blob.prefetch().join();
            assertThat(blob.stats().originUse()).isEqualTo(Map.of(OriginUse.ELECTED_SEED, ONE.groups()));
        }
    }

    @Test
    void originUse_peersSwitchedOffMidway_doesNotWaitForThem() throws IOException {
        origin.add("o", ONE, Script.all(ONE));
        settings = settings.withUrgentBytes(0).withPeerWait(Duration.ofMinutes(1));
        try (Blob blob = client(peers, origin).open(ONE.id())) {
            CompletableFuture<?> prefetch = blob.prefetch();
            peers.sourcesMayCome(false);
            prefetch.join();
            assertThat(blob.stats().originUse()).isEqualTo(Map.of(OriginUse.PEERS_OFF, ONE.groups()));
        }
    }

    @Test
    void originUse_peerHoldsHalf_isNoPeerHolds() throws IOException {
        long half = ONE.groups() / 2;
        peers.add("a", ONE, new Script().holds(GroupSet.of(new GroupRange(0, half))));
        settings = settings.withUrgentBytes(0);
        try (Blob blob = client(peers, origin).open(ONE.id())) {
            CompletableFuture<?> prefetch = blob.prefetch();
            // The origin comes when the peer is done: else it helps wherever the peer looks slow, as on a busy machine.
            Awaitility.await().until(() -> blob.stats().bytesFrom(Kind.PEER) >= half * 16 * 1024);
            origin.add("o", ONE, Script.all(ONE));
            prefetch.join();
            assertThat(blob.stats().originUse()).isEqualTo(Map.of(OriginUse.NO_PEER_HOLDS, ONE.groups() - half));
        }
    }

    @Test
    void peers_connected_areListedWithTheirPath() throws IOException {
        ScriptedSource direct = peers.add("direct", ONE, Script.all(ONE).path(PeerPath.HOST));
        ScriptedSource relayed = peers.add("relayed", ONE, Script.all(ONE).path(PeerPath.RELAY));
        origin.add("o", ONE, Script.all(ONE));
        Runnel runnel = client(peers, origin);
        Blob blob = runnel.open(ONE.id());
        readAll(blob);
        assertThat(blob.stats().peers())
                .isEqualTo(Map.of(direct.info(), PeerPath.HOST, relayed.info(), PeerPath.RELAY));
        assertThat(runnel.stats().peers()).isEqualTo(Map.of(PeerPath.HOST, 1, PeerPath.RELAY, 1));
        peers.leave(relayed);
        Awaitility.await().until(() -> blob.stats().peers().equals(Map.of(direct.info(), PeerPath.HOST)));
        blob.close();
        Awaitility.await().until(() -> blob.stats().peers().isEmpty());
    }

    @Test
    void clientStats_openAndClosedBlobs_addUp() throws IOException {
        peers.add("a", ONE, Script.all(ONE));
        Runnel runnel = client(peers);
        try (Blob one = runnel.open(ONE.id())) {
            readAll(one);
        }
        Awaitility.await().until(() -> runnel.stats().openBlobs() == 0);
        ClientStats afterOne = runnel.stats();
        assertThat(afterOne.openedBlobs()).isEqualTo(1);
        assertThat(afterOne.bytesFrom(Kind.PEER)).isEqualTo(ONE.bytes().length);
        assertThat(afterOne.firstBytes()).isEqualTo(1);
        assertThat(afterOne.offload()).isEqualTo(1);
        try (Blob again = runnel.open(ONE.id())) {
            readAll(again);
            ClientStats stats = runnel.stats();
            assertThat(stats.openBlobs()).isEqualTo(1);
            assertThat(stats.openedBlobs()).isEqualTo(2);
            assertThat(stats.bytesFrom(Kind.PEER)).isEqualTo(ONE.bytes().length);
            assertThat(stats.bytesFromStore()).isEqualTo(ONE.bytes().length);
            assertThat(stats.firstBytes()).isEqualTo(2);
            assertThat(stats.timeToFirstBytes()).isGreaterThan(afterOne.timeToFirstBytes());
        }
    }

    @Test
    void stalls_readerWaitsMidway_countsTheWait() throws Exception {
        ScriptedSource slow = origin.add("o", ONE, Script.all(ONE).muteFrom(64));
        try (Blob blob = client(origin).open(ONE.id());
                InputStream in = blob.inputStream()) {
            AtomicInteger read = new AtomicInteger();
            Thread reader = new Thread(() -> drain(in, read));
            reader.start();
            // The first byte that does not come is in group 64; it is the reader's next piece that waits for it.
            Awaitility.await().until(() -> read.get() > 900_000 && reader.getState() == Thread.State.WAITING);
            pause(Duration.ofMillis(300));
            slow.heal();
            reader.join();
            assertThat(read).hasValue(ONE.plaintext().length);
            Stalls counted = blob.stats().stalls();
            assertThat(counted.count()).isEqualTo(1);
            assertThat(counted.total()).isGreaterThanOrEqualTo(Stalls.LEAST);
            Awaitility.await().until(() -> !stalls.isEmpty());
            assertThat(stalls).containsExactly(counted.total());
        }
    }

    @Test
    void stalls_playerHasABuffer_countsNothing() throws IOException {
        ScriptedSource slow = origin.add("o", ONE, Script.all(ONE).muteFrom(64));
        Playback playback = new Playback();
        playback.report(new PlaybackHint(1000, Duration.ofMinutes(10)));
        try (Blob blob = client(origin).open(ONE.id());
                InputStream in = blob.inputStream(new ByteRange(0, blob.size()), playback)) {
            assertThat(in.read()).isNotNegative();
            playback.report(new PlaybackHint(1000, Duration.ofMinutes(10)));
            CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> drain(in));
            Awaitility.await().until(() -> slow.delivered() >= 64);
            pause(Duration.ofMillis(300));
            slow.heal();
            assertThat(read.join()).isEqualTo(ONE.plaintext().length - 1);
            assertThat(blob.stats().stalls()).isEqualTo(Stalls.NONE);
        }
    }

    @Test
    void stalls_firstByteAfterASkip_doesNotCount() throws IOException {
        ScriptedSource slow = origin.add("o", ONE, Script.all(ONE).muteFrom(0));
        try (Blob blob = client(origin).open(ONE.id());
                InputStream in = blob.inputStream()) {
            CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> {
                skip(in);
                return drain(in);
            });
            Awaitility.await().until(() -> slow.underWay() > 0);
            pause(Duration.ofMillis(300));
            slow.heal();
            read.join();
            assertThat(blob.stats().stalls()).isEqualTo(Stalls.NONE);
        }
    }

    private static void skip(InputStream in) {
        try {
            in.skip(MIB);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int drain(InputStream in) {
        AtomicInteger read = new AtomicInteger();
        drain(in, read);
        return read.get();
    }

    private static void drain(InputStream in, AtomicInteger read) {
        byte[] piece = new byte[4096];
        try {
            for (int count = in.read(piece); count > 0; count = in.read(piece)) {
                read.addAndGet(count);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Lets real time pass that is to be counted; nothing depends on how much more it was. */
    private static void pause(Duration time) {
        Awaitility.await().pollDelay(time).until(() -> true);
    }
}
