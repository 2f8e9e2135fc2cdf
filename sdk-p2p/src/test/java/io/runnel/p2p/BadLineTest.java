package io.runnel.p2p;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.fetch.ByteRange;
import io.runnel.keys.FixedKeys;
import io.runnel.relay.Line;
import io.runnel.relay.UdpRelay;
import io.runnel.source.GroupSet;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole fetches over real data channels whose packets are lost, delayed or stopped. */
@Timeout(60)
class BadLineTest {
    private static final int SIZE = 3 << 17;
    private static final TestBlob BLOB = TestBlob.random(71, SIZE);

    private final UdpRelay relay = new UdpRelay(71);
    private final LocalSwarm local = new LocalSwarm();
    private Runnel client;

    @AfterEach
    void close() throws Exception {
        client.close();
        local.close();
        relay.close();
    }

    private Blob open(SourceProvider... more) throws IOException {
        local.member(true, new RelayedTransport(relay)).swarm().attach(BLOB.shared(), new Sources());
        Runnel.Builder builder = Runnel.builder()
                .keySource(new FixedKeys(BLOB))
                .source(local.member(true, new RelayedTransport(relay)).swarm());
        for (SourceProvider each : more) {
            builder.source(each);
        }
        client = builder.build();
        return client.open(BLOB.id());
    }

    @Test
    void read_fivePercentLostAnd50MillisRoundTrip_isThePlaintext() throws IOException {
        relay.line(Line.perfect().losing(0.05).delaying(Duration.ofMillis(25)));
        try (Blob blob = open()) {
            assertThat(blob.read(new ByteRange(0, SIZE))).isEqualTo(BLOB.plaintext());
            assertThat(blob.stats().offload()).isEqualTo(1);
            assertThat(relay.passedBytes()).isGreaterThan(SIZE);
        }
    }

    @Test
    void read_linkGoesDownMidway_originFinishes() throws Exception {
        relay.line(Line.perfect().passing(1 << 18));
        ScriptedProvider origin = new ScriptedProvider(SourceInfo.Kind.ORIGIN);
        try (Blob blob = open(origin)) {
            CompletableFuture<?> whole = blob.prefetch();
            await().until(() -> blob.stats().bytesFrom(SourceInfo.Kind.PEER) > SIZE / 4);
            relay.cut();
            origin.add("o", BLOB, new ScriptedSource.Script().holds(GroupSet.all(BLOB.groups())));
            whole.get(20, TimeUnit.SECONDS);
            assertThat(blob.read(new ByteRange(0, SIZE))).isEqualTo(BLOB.plaintext());
            assertThat(blob.stats().bytesFrom(SourceInfo.Kind.ORIGIN)).isPositive();
            assertThat(blob.stats().rejectedGroups()).isZero();
        }
    }

    @Test
    void read_peerSlowsToOneByteASecondMidway_originFinishes() throws Exception {
        relay.line(Line.perfect().passing(1 << 18));
        ScriptedProvider origin = new ScriptedProvider(SourceInfo.Kind.ORIGIN);
        try (Blob blob = open(origin)) {
            CompletableFuture<?> whole = blob.prefetch();
            await().until(() -> blob.stats().bytesFrom(SourceInfo.Kind.PEER) > SIZE / 4);
            relay.line(Line.perfect().passing(1));
            origin.add("o", BLOB, new ScriptedSource.Script().holds(GroupSet.all(BLOB.groups())));
            whole.get(20, TimeUnit.SECONDS);
            assertThat(blob.read(new ByteRange(0, SIZE))).isEqualTo(BLOB.plaintext());
            assertThat(blob.stats().bytesFrom(SourceInfo.Kind.ORIGIN)).isPositive();
        }
    }

    @Test
    void read_linkComesBack_peerFinishes() throws Exception {
        relay.line(Line.perfect().passing(1 << 18));
        try (Blob blob = open()) {
            CompletableFuture<?> whole = blob.prefetch();
            await().until(() -> blob.stats().bytesFrom(SourceInfo.Kind.PEER) > SIZE / 4);
            relay.cut();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> blob.stats().peers().isEmpty());
            relay.mend();
            whole.get(40, TimeUnit.SECONDS);
            assertThat(blob.stats().offload()).isEqualTo(1);
        }
    }

    /** As after a change of the address: links and the channel to the tracker are dead, and only new ones work. */
    @Test
    void read_linkAndTrackersChannelAreDead_peerFinishesBeforeTheReadFails() throws Exception {
        relay.line(Line.perfect().passing(1 << 18));
        try (Blob blob = open()) {
            CompletableFuture<?> whole = blob.prefetch();
            await().until(() -> blob.stats().bytesFrom(SourceInfo.Kind.PEER) > SIZE / 4);
            relay.cut();
            local.tracker.silence();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> blob.stats().peers().isEmpty());
            relay.mend();
            whole.get(30, TimeUnit.SECONDS);
            assertThat(blob.stats().offload()).isEqualTo(1);
        }
    }
}
