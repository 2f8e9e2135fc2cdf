package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchSettings;
import io.runnel.keys.FixedKeys;
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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that lie, go mute, leave or send junk in the middle of a read: what is read is the plaintext all the same. */
@Timeout(60)
class BadPeersTest {
    private static final int MIB = 1 << 20;

    /** Three windows of the tree, the last a short one. */
    private static final TestBlob BLOB = TestBlob.random(42, 36 * MIB + 4321);

    private final ScriptedProvider peers = new ScriptedProvider(Kind.PEER);
    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
    private final FixedKeys keys = new FixedKeys(BLOB);
    private final Recorder recorder = new Recorder();
    private FetchSettings settings = FetchSettings.defaults()
            .withStallTimeout(Duration.ofMillis(300))
            .withPeerWait(Duration.ofMillis(200))
            .withNoProgressTimeout(Duration.ofSeconds(20));
    private Runnel client;

    private Runnel client(ScriptedProvider... providers) {
        Runnel.Builder builder =
                Runnel.builder().keySource(keys).listener(recorder).settings(settings);
        for (ScriptedProvider provider : providers) {
            builder.source(provider);
        }
        client = builder.build();
        return client;
    }

    @AfterEach
    void closeClient() {
        client.close();
        assertThat(recorder.rudeness).isEmpty();
        assertThat(keys.allWiped()).isTrue();
    }

    @Test
    void read_lyingPeer_isBannedNamedAndItsGroupsRefetched() throws IOException {
        ScriptedSource liar = peers.add("liar", BLOB, Script.all(BLOB).liesAt(70));
        peers.add("honest", BLOB, Script.all(BLOB));
        try (Blob blob = client(peers).open(BLOB.id())) {
            // Both are asked at once for what is wanted first, so the liar's group is among what it delivers, or the
            // honest one was quicker and there was no lie.
            assertThat(blob.read(new ByteRange(0, blob.size()))).isEqualTo(BLOB.plaintext());
            if (recorder.rejected.contains(liar.info())) {
                assertThat(peers.banned()).containsExactly(liar.info());
                assertThat(blob.stats().rejectedGroups()).isEqualTo(1);
            }
        }
    }

    @Test
    void read_onlyPeerLiesAndOriginHelps_isThePlaintext() throws IOException {
        ScriptedSource liar = peers.add("liar", BLOB, Script.all(BLOB).liesAt(200));
        origin.add("o", BLOB, Script.all(BLOB));
        settings = settings.withUrgentBytes(0);
        try (Blob blob = client(peers, origin).open(BLOB.id())) {
            assertThat(blob.read(new ByteRange(0, blob.size()))).isEqualTo(BLOB.plaintext());
            assertThat(peers.banned()).containsExactly(liar.info());
            assertThat(blob.stats().rejectedGroups()).isEqualTo(1);
            Awaitility.await().until(() -> recorder.rejected.contains(liar.info()));
        }
    }

    @Test
    void read_peerLiesAlwaysWithMuchUnderWay_costsOneGroup() throws IOException {
        ScriptedSource liar = peers.add("liar", BLOB, Script.all(BLOB).liesAlways());
        origin.add("o", BLOB, Script.all(BLOB));
        settings = settings.withUrgentBytes(0);
        try (Blob blob = client(peers, origin).open(BLOB.id())) {
            assertThat(blob.read(new ByteRange(0, blob.size()))).isEqualTo(BLOB.plaintext());
            assertThat(blob.stats().rejectedGroups()).isEqualTo(1);
            Awaitility.await().until(() -> !recorder.rejected.isEmpty());
            assertThat(recorder.rejected).containsExactly(liar.info());
        }
    }

    @Test
    void read_peerLiesInTheTree_isBannedAndTheOriginHelps() throws IOException {
        ScriptedSource liar = peers.add("liar", BLOB, Script.all(BLOB).liesInTree());
        origin.add("o", BLOB, Script.all(BLOB));
        // So that it is asked for a tree: nothing is urgent, and what it delivers is right.
        settings = settings.withUrgentBytes(0);
        try (Blob blob = client(peers, origin).open(BLOB.id())) {
            assertThat(blob.read(new ByteRange(0, blob.size()))).isEqualTo(BLOB.plaintext());
            assertThat(peers.banned()).containsExactly(liar.info());
        }
    }

    @Test
    void read_everyoneLies_failsWithIntegrity() throws IOException {
        peers.add("liar", BLOB, Script.all(BLOB).liesAt(3));
        origin.add("o", BLOB, Script.all(BLOB).liesAt(3));
        try (Blob blob = client(peers, origin).open(BLOB.id())) {
            assertThatThrownBy(() -> blob.read(new ByteRange(0, blob.size())))
                    .isInstanceOfSatisfying(
                            FetchException.class,
                            e -> assertThat(e.reason()).isEqualTo(FetchException.Reason.INTEGRITY));
        }
        assertThat(recorder.verified.values().stream().anyMatch(set -> set.contains(3)))
                .isFalse();
    }

    @Test
    void read_peerGoesMute_isOvertaken() throws IOException {
        peers.add("mute", BLOB, Script.all(BLOB).muteAfter(40));
        origin.add("o", BLOB, Script.all(BLOB));
        try (Blob blob = client(peers, origin).open(BLOB.id())) {
            assertThat(blob.read(new ByteRange(0, blob.size()))).isEqualTo(BLOB.plaintext());
        }
    }

    /** The last of what a reader waits for is due too, however slowly it is taken to go on. */
    @Test
    void read_slowReaderWaitsForWhatAMutePeerOwes_originHelps() throws IOException {
        peers.add("mute", BLOB, Script.all(BLOB).muteAfter(10));
        origin.add("o", BLOB, Script.all(BLOB));
        settings = new FetchSettings(
                settings.lookAheadBytes(),
                10 * 16_384,
                settings.inFlightBytes(),
                settings.peerWait(),
                settings.stallTimeout(),
                settings.noProgressTimeout());
        try (Blob blob = client(peers, origin).open(BLOB.id())) {
            assertThat(blob.read(new ByteRange(0, 4 * MIB))).isEqualTo(Arrays.copyOf(BLOB.plaintext(), 4 * MIB));
        }
    }

    @Test
    void read_peerLeavesMidway_othersTakeOver() throws IOException {
        ScriptedSource leaving = peers.add("leaving", BLOB, Script.all(BLOB).muteAfter(64));
        CompletableFuture<ByteBuffer> read;
        try (Blob blob = client(peers).open(BLOB.id())) {
            read = blob.readAsync(new ByteRange(0, blob.size()));
            Awaitility.await().until(() -> leaving.delivered() >= 64);
            peers.leave(leaving);
            peers.add("other", BLOB, Script.all(BLOB));
            assertThat(read.join().array()).isEqualTo(BLOB.plaintext());
            Awaitility.await().until(() -> recorder.left.contains(leaving.info()));
        }
    }

    @Test
    void read_misbehavingPeer_isBanned() throws IOException {
        ScriptedSource rude = peers.add("rude", BLOB, Script.all(BLOB).muteAfter(8));
        origin.add("o", BLOB, Script.all(BLOB));
        try (Blob blob = client(peers, origin).open(BLOB.id())) {
            CompletableFuture<ByteBuffer> read = blob.readAsync(new ByteRange(0, blob.size()));
            peers.misbehave(rude, "sent junk");
            assertThat(read.join().array()).isEqualTo(BLOB.plaintext());
            assertThat(peers.banned()).contains(rude.info());
        }
    }
}
