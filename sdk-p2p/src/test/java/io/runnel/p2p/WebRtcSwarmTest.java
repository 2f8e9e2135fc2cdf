package io.runnel.p2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.p2p.transport.TransportUnavailableException;
import io.runnel.p2p.webrtc.WebRtcTransport;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.PeerPath;
import io.runnel.source.Seat;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import io.runnel.source.TestBlob;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Swarms of real peers in this process. */
class WebRtcSwarmTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final TestBlob BLOB = TestBlob.random(1, 3 << 20);

    private final LocalSwarm local = new LocalSwarm();

    @AfterEach
    void close() throws Exception {
        local.close();
    }

    private static byte[] fetch(BlobSource source, GroupRange groups) throws Exception {
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        ByteBuffer got = ByteBuffer.allocate(BLOB.bytes().length);
        source.fetch(groups, new BlobSource.GroupReceiver() {
            @Override
            public void received(long firstGroup, ByteBuffer bytes) {
                got.put(bytes);
            }

            @Override
            public void completed() {
                byte[] bytes = new byte[got.flip().remaining()];
                got.get(bytes);
                whole.complete(bytes);
            }

            @Override
            public void failed(SourceException failure) {
                whole.completeExceptionally(failure);
            }
        });
        return whole.get(60, TimeUnit.SECONDS);
    }

    @Test
    void attach_severalPeers_allBecomeSourcesOfEachOther() throws Exception {
        List<Sources> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Sources sources = new Sources();
            all.add(sources);
            local.member().swarm().attach(BLOB.shared(), sources);
        }
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> all.forEach(each -> assertThat(each.present).hasSize(3)));
        for (BlobSource source : all.get(0).present) {
            assertThat(fetch(source, new GroupRange(0, BLOB.groups()))).isEqualTo(BLOB.bytes());
            assertThat(source.info().kind()).isEqualTo(SourceInfo.Kind.PEER);
            assertThat(source.info().id()).matches("peer:[0-9a-f]{12}");
            await().atMost(LIMIT).until(() -> source.path() == PeerPath.HOST);
        }
    }

    @Test
    void held_growing_isServedAsItGrows() throws Exception {
        GrowingBlob growing = new GrowingBlob(BLOB);
        local.member().swarm().attach(growing, new Sources());
        Sources sources = new Sources();
        local.member().swarm().attach(BLOB.shared(GroupSet.empty()), sources);
        BlobSource source = sources.first();
        assertThat(source.available().isEmpty()).isTrue();
        for (long end = 10; end <= 100; end += 30) {
            GroupSet held = GroupSet.all(end);
            growing.hold(held);
            await().atMost(LIMIT).until(() -> source.available().equals(held));
            GroupRange last = new GroupRange(end - 10, end);
            assertThat(fetch(source, last)).isEqualTo(BLOB.groups(last));
        }
    }

    @Test
    void ban_source_leavesForGood() throws Exception {
        Sources sources = new Sources();
        WebRtcSwarm viewer = local.member().swarm();
        viewer.attach(BLOB.shared(GroupSet.empty()), sources);
        local.member().swarm().attach(BLOB.shared(), new Sources());
        BlobSource source = sources.first();
        viewer.ban(source.info());
        await().atMost(LIMIT).until(sources.present::isEmpty);
        assertThatThrownBy(() -> fetch(source, new GroupRange(0, 1))).cause().isInstanceOf(SourceException.class);
        await().during(Duration.ofSeconds(3)).atMost(LIMIT).until(sources.present::isEmpty);
    }

    /** Nobody changes the version it speaks while it runs. */
    @Test
    void hello_ofAnotherVersion_isNotConnectedToAgainAndNoOffence() throws Exception {
        Sources sources = new Sources();
        WebRtcSwarm viewer = local.member().swarm();
        viewer.attach(BLOB.shared(GroupSet.empty()), sources);
        HostileTransport stranger =
                new HostileTransport(new WebRtcTransport(List.of()), HostileTransport.Manner.STRANGER, 1);
        local.member(true, stranger).swarm().attach(BLOB.shared(), new Sources());
        await().atMost(LIMIT).until(() -> viewer.status().connections().made() > 0);
        await().during(Duration.ofSeconds(4))
                .atMost(LIMIT)
                .until(() -> viewer.status().connections().tried() == 1);
        assertThat(sources.present).isEmpty();
        assertThat(sources.misbehaved).isEmpty();
    }

    @Test
    void credential_withoutUpload_isNoSource() throws Exception {
        Sources seen = new Sources();
        Sources others = new Sources();
        local.member(false).swarm().attach(BLOB.shared(), others);
        local.member().swarm().attach(BLOB.shared(), seen);
        others.first();
        await().during(Duration.ofSeconds(1)).atMost(LIMIT).until(seen.present::isEmpty);
    }

    @Test
    void attach_always_tellsTheSeatTheTrackerGave() throws Exception {
        Sources first = new Sources();
        Sources second = new Sources();
        WebRtcSwarm swarm = local.member().swarm();
        swarm.attach(BLOB.shared(), first);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(first.seats).isNotEmpty().containsOnly(new Seat(0, 1)));
        swarm.attach(BLOB.shared(), second);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(second.seats).contains(new Seat(0, 1)));
    }

    @Test
    void tracker_gone_peersStay() throws Exception {
        Sources sources = new Sources();
        local.member().swarm().attach(BLOB.shared(GroupSet.empty()), sources);
        local.member().swarm().attach(BLOB.shared(), new Sources());
        BlobSource source = sources.first();
        local.tracker.stop();
        local.member().swarm().attach(BLOB.shared(), new Sources());
        assertThat(fetch(source, new GroupRange(0, BLOB.groups()))).isEqualTo(BLOB.bytes());
        local.tracker.start();
        await().atMost(LIMIT).until(() -> sources.present.size() == 2);
    }

    @Test
    void factory_wornOut_peerComesBackOverAFreshConnection() throws Exception {
        Sources sources = new Sources();
        local.member(true, new WebRtcTransport(List.of(), 1, 20))
                .swarm()
                .attach(BLOB.shared(GroupSet.empty()), sources);
        local.member().swarm().attach(BLOB.shared(), new Sources());
        BlobSource first = sources.first();
        assertThat(fetch(first, new GroupRange(0, BLOB.groups()))).isEqualTo(BLOB.bytes());
        await().atMost(LIMIT).until(() -> sources.present.size() == 1 && sources.present.get(0) != first);
        GroupRange few = new GroupRange(0, 8);
        assertThat(fetch(sources.present.get(0), few)).isEqualTo(BLOB.groups(few));
    }

    @Test
    void attach_twoBlobs_shareOneConnection() throws Exception {
        TestBlob other = TestBlob.random(2, 100_000);
        WebRtcSwarm viewer = local.member().swarm();
        WebRtcSwarm seeder = local.member().swarm();
        Sources ofFirst = new Sources();
        Sources ofSecond = new Sources();
        viewer.attach(BLOB.shared(GroupSet.empty()), ofFirst);
        seeder.attach(BLOB.shared(), new Sources());
        ofFirst.first();
        SharedBlob.Subscription second = viewer.attach(other.shared(GroupSet.empty()), ofSecond);
        seeder.attach(other.shared(), new Sources());
        BlobSource source = ofSecond.first();
        assertThat(fetch(source, new GroupRange(0, other.groups()))).isEqualTo(other.bytes());
        second.close();
        assertThat(fetch(ofFirst.first(), new GroupRange(0, 4))).isEqualTo(BLOB.groups(new GroupRange(0, 4)));
    }

    @Test
    void close_withTransfersUnderWay_endsThemAndEveryThread() throws Exception {
        Sources sources = new Sources();
        WebRtcSwarm viewer = local.member().swarm();
        viewer.attach(BLOB.shared(GroupSet.empty()), sources);
        local.member().swarm().attach(BLOB.shared(), new Sources());
        BlobSource source = sources.first();
        List<CompletableFuture<?>> trees = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            trees.add(source.tree(0, 640));
        }
        long start = System.nanoTime();
        viewer.close();
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
        for (CompletableFuture<?> tree : trees) {
            await().atMost(LIMIT).until(tree::isDone);
        }
        viewer.close();
        assertThatThrownBy(() -> fetch(source, new GroupRange(0, 1))).cause().isInstanceOf(SourceException.class);
        local.close();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().startsWith("runnel-p2p")
                                || thread.getName().startsWith("runnel-webrtc")));
    }

    @Test
    void build_settingMissing_saysWhich() {
        assertThatThrownBy(() -> WebRtcSwarm.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tracker");
        assertThatThrownBy(() -> WebRtcSwarm.builder().maxPeers(0)).hasMessageContaining("maxPeers");
    }

    @Test
    void tracker_anotherUri_isRefusedAndSaysWhatIsExpected() {
        assertThatThrownBy(() -> WebRtcSwarm.builder().tracker(URI.create("ws://host/cdn/swarm/v1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("tracker:")
                .hasMessageContaining("/cdn/swarm/v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wss://tracker.invalid/cdn/swarm/v1", "https://tracker.invalid"})
    void tracker_channelOrServer_isConnectedTo(String uri) {
        BlockingQueue<URI> asked = new LinkedBlockingQueue<>();
        SigningIdentity identity = SigningIdentity.generate();
        WebRtcSwarm.Builder builder = WebRtcSwarm.builder()
                .tracker(URI.create(uri))
                .connector((address, subprotocol, listener) -> {
                    asked.add(address);
                    return local.tracker.connect(address, subprotocol, listener);
                })
                .identity(identity)
                .admission(local.admission(identity, true));
        try (WebRtcSwarm swarm = builder.build()) {
            swarm.attach(BLOB.shared(), new Sources());
            await().atMost(LIMIT).until(() -> LocalTracker.ADDRESS.equals(asked.peek()));
        }
    }

    @Test
    void option_null_isNamed() {
        WebRtcSwarm.Builder builder = WebRtcSwarm.builder();
        assertThatThrownBy(() -> builder.tracker(null)).hasMessage("tracker");
        assertThatThrownBy(() -> builder.connector(null)).hasMessage("connector");
        assertThatThrownBy(() -> builder.identity(null)).hasMessage("identity");
        assertThatThrownBy(() -> builder.admission(null)).hasMessage("admission");
        assertThatThrownBy(() -> builder.iceServers(null)).hasMessage("iceServers");
        assertThatThrownBy(() -> builder.sharing(null)).hasMessage("sharing");
        assertThatThrownBy(() -> builder.connectTimeout(null)).hasMessage("connectTimeout");
    }

    @Test
    void build_transportUnavailable_passesTheAdviceOn() {
        SigningIdentity identity = SigningIdentity.generate();
        WebRtcSwarm.Builder builder = WebRtcSwarm.builder()
                .tracker(LocalTracker.ADDRESS)
                .connector(local.tracker)
                .identity(identity)
                .admission(local.admission(identity, true));
        assertThatThrownBy(() -> builder.build(servers -> {
                    throw new TransportUnavailableException("install something", new UnsatisfiedLinkError());
                }))
                .isInstanceOf(WebRtcUnavailableException.class)
                .hasMessage("install something");
    }
}
