package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code PublisherRulesTest} does not look at: the bytes, the fetch behind them, and how it ends. */
@Timeout(30)
class BlobPublisherTest {
    private static final int PIECE = 128 * 1024;
    private static final TestBlob BLOB = TestBlob.random(46, 20 * PIECE + 77);

    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
    private final Collector collector = new Collector();
    private FetchSettings settings = FetchSettings.defaults();
    private Runnel client;

    private Blob open() throws FetchException {
        client = Runnel.builder()
                .keySource(new FixedKeys(BLOB))
                .source(origin)
                .settings(settings)
                .build();
        return client.open(BLOB.id());
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    private static Script all() {
        return Script.all(BLOB);
    }

    @Test
    void subscribe_endlessDemand_givesThePlaintextInPieces() throws Exception {
        origin.add("o", BLOB, all());
        try (Blob blob = open()) {
            blob.publisher().subscribe(collector);
            collector.subscription().request(Long.MAX_VALUE);
            collector.subscription().request(Long.MAX_VALUE);
            assertThat(collector.end.join()).isNull();
            assertThat(collector.bytes.toByteArray()).isEqualTo(BLOB.plaintext());
            assertThat(collector.pieces).hasSize(21).startsWith(PIECE).endsWith(77);
        }
    }

    @Test
    void subscribe_range_givesThatRange() throws Exception {
        origin.add("o", BLOB, all());
        try (Blob blob = open()) {
            blob.publisher(new ByteRange(1000, 300_000)).subscribe(collector);
            collector.subscription().request(10);
            assertThat(collector.end.join()).isNull();
            assertThat(collector.bytes.toByteArray()).isEqualTo(Arrays.copyOfRange(BLOB.plaintext(), 1000, 301_000));
        }
    }

    @Test
    void subscribe_noDemand_fetchesNothing() throws Exception {
        ScriptedSource source = origin.add("o", BLOB, all());
        try (Blob blob = open()) {
            blob.publisher().subscribe(collector);
            collector.subscription();
            // A read that comes after the subscription is served, so the engine has seen all there is to see.
            blob.read(new ByteRange(0, 0));
            assertThat(source.asked()).isZero();
        }
    }

    @Test
    void request_oneAtATime_fetchesNoFurtherThanTheLookAhead() throws Exception {
        ScriptedSource source = origin.add("o", BLOB, all());
        settings = settings.withLookAheadBytes(1 << 20);
        try (Blob blob = open()) {
            blob.publisher().subscribe(collector);
            collector.subscription().request(1);
            collector.firstPiece.join();
            Awaitility.await().until(() -> source.underWay() == 0);
            assertThat(collector.pieces).hasSize(1);
            assertThat(source.delivered()).isLessThanOrEqualTo((1 << 20) / TestBlob.GROUP_BYTES + 1);
        }
    }

    @Test
    void cancel_midway_cancelsWhatIsUnderWay() throws Exception {
        ScriptedSource source = origin.add("o", BLOB, all().muteFrom(40));
        try (Blob blob = open()) {
            blob.publisher().subscribe(collector);
            collector.subscription().request(Long.MAX_VALUE);
            collector.firstPiece.join();
            Awaitility.await().until(() -> source.delivered() >= 40 && source.underWay() > 0);
            collector.subscription().cancel();
            Awaitility.await().until(() -> source.underWay() == 0);
            assertThat(blob.read(new ByteRange(0, 10))).isEqualTo(Arrays.copyOf(BLOB.plaintext(), 10));
        }
        assertThat(collector.end).isNotDone();
    }

    @Test
    void failure_ofTheFetch_isToldOnce() throws Exception {
        origin.add("o", BLOB, all().failsAfter(40, SourceException.Reason.DENIED));
        try (Blob blob = open()) {
            blob.publisher().subscribe(collector);
            collector.subscription().request(Long.MAX_VALUE);
            assertThat(collector.end.join())
                    .isInstanceOfSatisfying(
                            FetchException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ORIGIN_DENIED));
        }
    }

    @Test
    void close_ofTheBlobWithoutDemand_failsTheSubscription() throws Exception {
        origin.add("o", BLOB, all());
        try (Blob blob = open()) {
            blob.publisher().subscribe(collector);
            collector.subscription().request(1);
            collector.firstPiece.join();
        }
        assertThat(collector.end.join())
                .isInstanceOfSatisfying(
                        FetchException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
    }

    @Test
    void close_ofTheClientMidway_failsTheSubscription() throws Exception {
        origin.add("o", BLOB, all().muteFrom(40));
        Blob blob = open();
        blob.publisher().subscribe(collector);
        collector.subscription().request(Long.MAX_VALUE);
        collector.firstPiece.join();
        client.close();
        assertThat(collector.end.join())
                .isInstanceOfSatisfying(
                        FetchException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
        blob.close();
    }

    @Test
    void subscriber_blocks_otherReadsGoOn() throws Exception {
        origin.add("o", BLOB, all());
        CountDownLatch released = new CountDownLatch(1);
        List<Collector> blocked = new ArrayList<>();
        try (Blob blob = open()) {
            for (int i = 0; i < 8; i++) {
                Collector one = new Collector();
                one.onNext = () -> await(released);
                blob.publisher().subscribe(one);
                one.subscription().request(Long.MAX_VALUE);
                blocked.add(one);
            }
            assertThat(blob.read(new ByteRange(0, blob.size()))).isEqualTo(BLOB.plaintext());
            released.countDown();
            for (Collector one : blocked) {
                assertThat(one.end.join()).isNull();
                assertThat(one.bytes.toByteArray()).isEqualTo(BLOB.plaintext());
            }
        }
    }

    @Test
    void subscriber_throws_getsNothingMoreAndTheFetchEnds() throws Exception {
        ScriptedSource source = origin.add("o", BLOB, all().muteFrom(40));
        collector.onNext = () -> {
            throw new IllegalStateException("scripted");
        };
        try (Blob blob = open()) {
            blob.publisher().subscribe(collector);
            collector.subscription().request(Long.MAX_VALUE);
            Awaitility.await().until(() -> source.asked() > 0 && source.underWay() == 0);
        }
        assertThat(collector.pieces).hasSize(1);
        assertThat(collector.end).isNotDone();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Keeps what it is told. */
    private static final class Collector implements Flow.Subscriber<ByteBuffer> {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final List<Integer> pieces = new CopyOnWriteArrayList<>();
        final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        final CompletableFuture<Integer> firstPiece = new CompletableFuture<>();

        /** Null once it completed, or why it did not. */
        final CompletableFuture<Throwable> end = new CompletableFuture<>();

        Runnable onNext = () -> {};

        Flow.Subscription subscription() {
            return subscribed.join();
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscribed.complete(given);
        }

        @Override
        public void onNext(ByteBuffer piece) {
            pieces.add(piece.remaining());
            bytes.write(piece.array(), piece.position(), piece.remaining());
            firstPiece.complete(piece.remaining());
            onNext.run();
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(failure);
        }

        @Override
        public void onComplete() {
            end.complete(null);
        }
    }
}
