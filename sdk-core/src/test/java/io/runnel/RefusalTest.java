package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchException.Reason;
import io.runnel.fetch.FetchSettings;
import io.runnel.keys.FixedKeys;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long a read goes on where its sources refuse or lie, and what the next read does. */
@Timeout(30)
class RefusalTest {
    private static final TestBlob BLOB = TestBlob.random(44, 3 << 20);
    private static final ByteRange ALL = new ByteRange(0, 3 << 20);

    private final ScriptedProvider peers = new ScriptedProvider(Kind.PEER);
    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
    private FetchSettings settings = FetchSettings.defaults().withPeerWait(Duration.ofMillis(100));
    private Runnel client;

    private Blob open(ScriptedProvider... providers) throws IOException {
        Runnel.Builder builder = Runnel.builder().keySource(new FixedKeys(BLOB)).settings(settings);
        for (ScriptedProvider provider : providers) {
            builder.source(provider);
        }
        client = builder.build();
        return client.open(BLOB.id());
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    private static Script all() {
        return Script.all(BLOB);
    }

    private static void assertFails(Blob blob, Reason reason) {
        assertThatThrownBy(() -> blob.read(ALL))
                .asInstanceOf(throwable(FetchException.class))
                .extracting(FetchException::reason)
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @EnumSource(
            value = SourceException.Reason.class,
            names = {"NOT_FOUND", "DENIED"})
    void read_originRefusedBeforeAndNowServes_isThePlaintext(SourceException.Reason refusal) throws IOException {
        ScriptedSource refusing = origin.add("o", BLOB, all().failsAfter(0, refusal));
        Reason expected = refusal == SourceException.Reason.DENIED ? Reason.ORIGIN_DENIED : Reason.NOT_FOUND;
        try (Blob blob = open(peers, origin)) {
            assertFails(blob, expected);
            assertFails(blob, expected);
            refusing.heal();
            assertThat(blob.read(ALL)).isEqualTo(BLOB.plaintext());
        }
    }

    @Test
    void read_originRefuses_saysWhatTheOriginSays() throws IOException {
        origin.add("o", BLOB, all().failsAfter(0, SourceException.Reason.DENIED));
        try (Blob blob = open(origin)) {
            assertThatThrownBy(() -> blob.read(ALL)).hasMessageContaining("scripted to fail");
        }
    }

    @Test
    void read_originAsksToBeLeftAloneForEver_failsWithItsFailure() throws IOException {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        origin.add("o", BLOB, all().failsAfter(0, SourceException.Reason.BUSY).retryAfter(forEver));
        settings = settings.withNoProgressTimeout(Duration.ofMillis(700));
        try (Blob blob = open(origin)) {
            assertFails(blob, Reason.ORIGIN_FAILED);
        }
    }

    /** It is not asked again, so that what it said is all there is to say, also of a blob it was never asked for. */
    @Test
    void read_originAsksToBeLeftAloneForLongerThanAReadWaits_failsAtOnceAndSaysSo() throws IOException {
        Duration hour = Duration.ofHours(1);
        origin.add("o", BLOB, all().failsAfter(0, SourceException.Reason.BUSY).retryAfter(hour));
        try (Blob blob = open(origin)) {
            assertFails(blob, Reason.ORIGIN_FAILED);
        }
        try (Blob again = client.open(BLOB.id())) {
            assertThatThrownBy(() -> again.read(ALL))
                    .hasMessageContaining("asked to be left alone, for another 3")
                    .cause()
                    .asInstanceOf(throwable(SourceException.class))
                    .extracting(SourceException::retryAfter)
                    .satisfies(wait -> assertThat(wait).isBetween(hour.minusMinutes(1), hour));
        }
    }

    /** Peers may still come. */
    @Test
    void read_originAsksToBeLeftAloneAndPeersMayCome_waitsForThem() throws Exception {
        Script script = all().failsAfter(0, SourceException.Reason.BUSY).retryAfter(Duration.ofHours(1));
        ScriptedSource busy = origin.add("o", BLOB, script);
        try (Blob blob = open(peers, origin)) {
            CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> {
                try {
                    return blob.read(ALL);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Awaitility.await().until(() -> busy.asked() > 0);
            peers.add("late", BLOB, all());
            assertThat(read.get()).isEqualTo(BLOB.plaintext());
        }
    }

    @Test
    void read_originRefusedManyTimesAndNowServes_isNotMadeToWait() throws IOException {
        ScriptedSource refusing = origin.add("o", BLOB, all().failsAfter(0, SourceException.Reason.DENIED));
        settings = settings.withNoProgressTimeout(Duration.ofSeconds(2));
        try (Blob blob = open(origin)) {
            for (int i = 0; i < 8; i++) {
                assertFails(blob, Reason.ORIGIN_DENIED);
            }
            refusing.heal();
            // A back-off doubled eight times would be longer than the whole read may wait.
            assertThat(blob.read(ALL)).isEqualTo(BLOB.plaintext());
        }
    }

    @Test
    void read_originRefusesWhilePeersServe_isNotAskedForEachRead() throws IOException {
        ScriptedSource refusing = origin.add("o", BLOB, all().failsAfter(0, SourceException.Reason.NOT_FOUND));
        peers.add("a", BLOB, all());
        try (Blob blob = open(peers, origin)) {
            for (int offset = 0; offset < ALL.length(); offset += 4096) {
                blob.read(new ByteRange(offset, 4096));
            }
            assertThat(refusing.asked()).isLessThan(10);
        }
    }

    @Test
    void read_onlyPeerWasBannedAndAnotherComes_isThePlaintext() throws IOException {
        ScriptedSource liar = peers.add("liar", BLOB, all().liesAlways());
        try (Blob blob = open(peers)) {
            CompletableFuture<ByteBuffer> read = blob.readAsync(ALL);
            Awaitility.await().until(() -> peers.banned().contains(liar.info()));
            Awaitility.await()
                    .during(Duration.ofMillis(400))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> !read.isDone());
            peers.add("honest", BLOB, all());
            assertThat(read.join().array()).isEqualTo(BLOB.plaintext());
        }
    }

    @Test
    void read_onlyPeerWasBannedAndNobodyComes_failsWithIntegrity() throws IOException {
        peers.add("liar", BLOB, all().liesAlways());
        settings = settings.withNoProgressTimeout(Duration.ofMillis(500));
        try (Blob blob = open(peers)) {
            assertFails(blob, Reason.INTEGRITY);
        }
    }

    @Test
    void read_peersLieAndTheOriginIsBusy_namesTheOriginAndNotTheBlob() throws IOException {
        peers.add("liar", BLOB, all().liesAlways());
        origin.add("o", BLOB, all().failsAfter(0, SourceException.Reason.BUSY));
        settings = settings.withNoProgressTimeout(Duration.ofMillis(700));
        try (Blob blob = open(peers, origin)) {
            Awaitility.await().until(() -> {
                CompletableFuture<ByteBuffer> unused = blob.readAsync(ALL);
                return !peers.banned().isEmpty();
            });
            assertThatThrownBy(() -> blob.read(ALL))
                    .isInstanceOfSatisfying(
                            FetchException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ORIGIN_FAILED))
                    .hasMessageContaining("scripted to fail")
                    .hasMessageContaining("peers that lied")
                    .hasMessageNotContaining("publish");
        }
    }

    @Test
    void read_onlyPeersLie_doesNotSayToPublishAgain() throws IOException {
        peers.add("liar", BLOB, all().liesAlways());
        settings = settings.withNoProgressTimeout(Duration.ofMillis(500));
        try (Blob blob = open(peers)) {
            assertThatThrownBy(() -> blob.read(ALL)).hasMessageNotContaining("publish");
        }
    }

    @Test
    void read_originLies_saysToPublishAgain() throws IOException {
        origin.add("o", BLOB, all().liesAlways());
        try (Blob blob = open(origin)) {
            assertFails(blob, Reason.INTEGRITY);
            assertThatThrownBy(() -> blob.read(ALL)).hasMessageContaining("publish it again");
        }
    }

    @Test
    void read_oneOfTwoOriginsRefusesAndTheOtherIsSlow_isThePlaintext() throws IOException {
        ScriptedSource without = origin.add("a", BLOB, all().failsAfter(0, SourceException.Reason.NOT_FOUND));
        ScriptedSource slow = origin.add("b", BLOB, all().muteFrom(0));
        try (Blob blob = open(origin)) {
            CompletableFuture<ByteBuffer> read = blob.readAsync(ALL);
            Awaitility.await().until(() -> without.asked() > 0 && slow.underWay() > 0);
            Awaitility.await()
                    .during(Duration.ofMillis(400))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> !read.isDone());
            slow.heal();
            assertThat(read.join().array()).isEqualTo(BLOB.plaintext());
        }
    }

    @Test
    void read_oneOfTwoOriginsRefusesAndTheOtherFails_failsWithWhatMayPass() throws IOException {
        origin.add("a", BLOB, all().failsAfter(0, SourceException.Reason.NOT_FOUND));
        origin.add("b", BLOB, all().failsAfter(0, SourceException.Reason.UNREACHABLE));
        settings = settings.withNoProgressTimeout(Duration.ofMillis(700));
        try (Blob blob = open(origin)) {
            assertFails(blob, Reason.ORIGIN_FAILED);
        }
    }

    @Test
    void read_bothOriginsRefuse_failsForThatReason() throws IOException {
        origin.add("a", BLOB, all().failsAfter(0, SourceException.Reason.NOT_FOUND));
        origin.add("b", BLOB, all().failsAfter(0, SourceException.Reason.NOT_FOUND));
        try (Blob blob = open(origin)) {
            assertFails(blob, Reason.NOT_FOUND);
        }
    }
}
