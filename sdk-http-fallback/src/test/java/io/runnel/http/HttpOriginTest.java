package io.runnel.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchSettings;
import io.runnel.http.testing.OriginExchange;
import io.runnel.http.testing.OriginTestServer;
import io.runnel.http.testing.RecordingReceiver;
import io.runnel.keys.FixedKeys;
import io.runnel.source.BlobSource;
import io.runnel.source.BlobSource.Transfer;
import io.runnel.source.GroupRange;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceException.Reason;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The origin against servers that do as they should. */
final class HttpOriginTest extends OriginFixture {
    @Test
    void fetch_wholeBlob_comesInOrderInPiecesOfWholeGroups() {
        BlobSource source = source(serve(exchange -> exchange.serve(file(exchange))));
        RecordingReceiver receiver = fetch(source, ALL);
        assertThat(receiver.end()).isEmpty();
        assertThat(receiver.bytes()).isEqualTo(BLOB.bytes());
        assertThat(receiver.pieces()).isGreaterThan(20);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "197,198", "63,65", "10,11", "64,128", "1,198"})
    void fetch_someGroups_givesExactlyThose(long first, long end) {
        BlobSource source = source(serve(exchange -> exchange.serve(file(exchange))));
        RecordingReceiver receiver = fetch(source, new GroupRange(first, end));
        assertThat(receiver.end()).isEmpty();
        int to = (int) Math.min(BLOB.bytes().length, end * GROUP);
        assertThat(receiver.bytes()).isEqualTo(Arrays.copyOfRange(BLOB.bytes(), (int) (first * GROUP), to));
    }

    @Test
    void fetch_request_asksForIdentityAndOneRangeOfTheBlobsPath() {
        OriginTestServer server = serve(exchange -> exchange.serve(file(exchange)));
        fetch(source(server), new GroupRange(3, 4)).end();
        OriginExchange seen = server.exchanges().get(0);
        assertThat(seen.path()).isEqualTo("/base/bucket/" + BLOB.id());
        assertThat(seen.header("accept-encoding")).isEqualTo("identity");
        assertThat(seen.header("range")).isEqualTo("bytes=49152-65535");
    }

    @Test
    void fetch_severalRanges_areInFlightTogetherAndNoMoreThanAllowed() {
        AtomicInteger most = new AtomicInteger();
        List<OriginExchange> held = new CopyOnWriteArrayList<>();
        OriginTestServer server = serve(held::add);
        BlobSource source = attach(origin(server).connections(3).build());
        RecordingReceiver first = fetch(source, ALL);
        RecordingReceiver second = fetch(source, ALL);
        for (int served = 0; served < 8; served++) {
            await().until(() -> !held.isEmpty());
            most.accumulateAndGet(held.size(), Math::max);
            OriginExchange last = held.remove(held.size() - 1);
            last.serve(BLOB.bytes());
        }
        assertThat(first.end()).isEmpty();
        assertThat(second.end()).isEmpty();
        assertThat(first.bytes()).isEqualTo(BLOB.bytes());
        assertThat(second.bytes()).isEqualTo(BLOB.bytes());
        assertThat(most).hasValueBetween(2, 3);
        assertThat(server.connections()).isLessThanOrEqualTo(3);
    }

    @Test
    void fetch_groupsThatHaveCome_areDeliveredBeforeTheRangeIsComplete() {
        List<OriginExchange> held = new CopyOnWriteArrayList<>();
        BlobSource source = source(serve(exchange -> {
            exchange.head(206, Map.of("content-range", exchange.contentRange(BLOB.bytes())), length(exchange));
            exchange.body(Arrays.copyOf(exchange.part(BLOB.bytes()), 300_000));
            held.add(exchange);
        }));
        RecordingReceiver receiver = fetch(source, new GroupRange(0, 64));
        await().until(() -> receiver.bytes().length == 2 << 17);
        OriginExchange exchange = held.get(0);
        exchange.body(Arrays.copyOfRange(exchange.part(BLOB.bytes()), 300_000, 1 << 20));
        exchange.end();
        assertThat(receiver.end()).isEmpty();
        assertThat(receiver.bytes()).isEqualTo(Arrays.copyOf(BLOB.bytes(), 1 << 20));
    }

    /** What is static somewhere and still knew a closed origin's loops would keep all that hangs on them. */
    @Test
    void close_afterAFetch_letsGoOfWhoFetched() {
        WeakReference<RecordingReceiver> fetched = fetchAndClose(
                origin(serve(exchange -> exchange.serve(file(exchange)))).build());
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            System.gc();
            return fetched.refersTo(null);
        });
    }

    private static WeakReference<RecordingReceiver> fetchAndClose(HttpOrigin origin) {
        CompletableFuture<BlobSource> joined = new CompletableFuture<>();
        origin.attach(BLOB.shared(), listener(joined, new AtomicLong()));
        RecordingReceiver receiver = fetch(joined.join(), ALL);
        assertThat(receiver.end()).isEmpty();
        origin.close();
        return new WeakReference<>(receiver);
    }

    @Test
    void tree_stretches_comeFromTheOutboardBesideTheBlob() throws Exception {
        OriginTestServer server = serve(exchange -> exchange.serve(file(exchange)));
        BlobSource source = source(server);
        int all = BLOB.outboard().length;
        ByteBuffer whole = source.tree(0, all).get(10, SECONDS);
        ByteBuffer last = source.tree(all - 64, 64).get(10, SECONDS);
        assertThat(whole).isEqualTo(ByteBuffer.wrap(BLOB.outboard()));
        assertThat(last).isEqualTo(ByteBuffer.wrap(BLOB.outboard(), all - 64, 64));
        assertThat(server.exchanges().get(0).path()).isEqualTo("/base/bucket/" + BLOB.id() + ".obao4");
        for (long[] bad : new long[][] {{-64, 64}, {1, 64}, {0, 63}, {0, 0}, {all, 64}, {0, all + 64}}) {
            assertThatThrownBy(() -> source.tree(bad[0], (int) bad[1])).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"/blob#part?2,/blob,/blob.obao4", "/blob?sig=1#part,/blob?sig=1,/blob.obao4?sig=1"})
    void fetch_addressHasAFragment_isAskedWithoutItAndTheOutboardIsBesideTheBlob(
            String address, String blob, String outboard) throws Exception {
        OriginTestServer server =
                serve(exchange -> exchange.serve(exchange.path().equals(outboard) ? BLOB.outboard() : BLOB.bytes()));
        BlobSource source = attach(HttpOrigin.at("cdn", id -> server.uri().resolve(address))
                .tls(trusting())
                .build());
        assertThat(source.tree(0, 64).get(10, SECONDS)).isEqualTo(ByteBuffer.wrap(BLOB.outboard(), 0, 64));
        assertThat(fetch(source, new GroupRange(0, 1)).end()).isEmpty();
        assertThat(server.exchanges()).extracting(OriginExchange::path).containsExactly(outboard, blob);
    }

    @Test
    void tree_cancelled_stopsTheRequest() {
        OriginTestServer server = serve(exchange -> {});
        CompletableFuture<ByteBuffer> tree = source(server).tree(0, 64);
        await().until(() -> server.exchanges().size() == 1);
        tree.cancel(true);
        await().until(() -> !server.exchanges().get(0).isOpen());
    }

    @Test
    void cancel_whileBytesCome_endsOnceWithClosedAndCutsTheConnection() {
        OriginTestServer server = serve(exchange -> {
            exchange.head(206, Map.of("content-range", exchange.contentRange(BLOB.bytes())), length(exchange));
            exchange.body(Arrays.copyOf(exchange.part(BLOB.bytes()), 200_000));
        });
        RecordingReceiver receiver = new RecordingReceiver(0);
        Transfer transfer = source(server).fetch(ALL, receiver);
        await().until(() -> receiver.pieces() > 0);
        transfer.cancel();
        transfer.cancel();
        assertThat(receiver.failure()).isEqualTo(Reason.CLOSED);
        await().until(() -> server.exchanges().stream().noneMatch(OriginExchange::isOpen));
        assertThat(receiver.bytes()).hasSize(1 << 17);
    }

    @Test
    void cancel_manyTransfers_giveTheirPermitsBack() {
        OriginTestServer server = serve(exchange -> exchange.serve(BLOB.bytes()));
        BlobSource source = attach(origin(server).connections(2).build());
        for (int i = 0; i < 50; i++) {
            RecordingReceiver receiver = new RecordingReceiver(0);
            Transfer transfer = source.fetch(ALL, receiver);
            transfer.cancel();
            receiver.end();
        }
        assertThat(fetch(source, ALL).end()).isEmpty();
    }

    @Test
    void detach_runningAndLaterFetches_endWithClosed() {
        OriginTestServer server = serve(exchange -> {});
        HttpOrigin origin = origin(server).build();
        open.add(origin);
        CompletableFuture<BlobSource> joined = new CompletableFuture<>();
        SharedBlob.Subscription subscription = origin.attach(BLOB.shared(), listener(joined, new AtomicLong()));
        BlobSource source = joined.join();
        RecordingReceiver running = fetch(source, ALL);
        await().until(() -> !server.exchanges().isEmpty());
        subscription.close();
        assertThat(running.failure()).isEqualTo(Reason.CLOSED);
        assertThat(fetch(source, ALL).failure()).isEqualTo(Reason.CLOSED);
        assertThat(source.tree(0, 64)).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    void ban_originLiedAboutOneBlob_stillServesAnother() throws IOException {
        TestBlob damaged = TestBlob.random(3, 2 * GROUP);
        OriginTestServer server = serve(exchange -> {
            if (!exchange.path().contains(damaged.id().toString())) {
                exchange.serve(file(exchange));
            } else if (exchange.path().endsWith(".obao4")) {
                exchange.serve(damaged.outboard());
            } else {
                exchange.serve(new byte[damaged.bytes().length]);
            }
        });
        try (Runnel client = Runnel.builder()
                .keySource(new FixedKeys(damaged, BLOB))
                .source(origin(server).build())
                .settings(FetchSettings.defaults().withNoProgressTimeout(Duration.ofSeconds(15)))
                .build()) {
            try (Blob blob = client.open(damaged.id())) {
                assertThatThrownBy(() -> blob.read(new ByteRange(0, GROUP)))
                        .isInstanceOfSatisfying(
                                FetchException.class,
                                failure -> assertThat(failure.reason()).isEqualTo(FetchException.Reason.INTEGRITY));
            }
            try (Blob blob = client.open(BLOB.id())) {
                assertThat(blob.read(new ByteRange(0, GROUP))).isEqualTo(Arrays.copyOf(BLOB.plaintext(), GROUP));
            }
        }
    }

    @Test
    void close_runningFetches_endAndNoThreadRemains() {
        OriginTestServer server = serve(exchange -> {});
        HttpOrigin origin = origin(server).build();
        BlobSource source = attach(origin);
        RecordingReceiver running = fetch(source, ALL);
        await().until(() -> !server.exchanges().isEmpty());
        long start = System.nanoTime();
        origin.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(running.failure()).isEqualTo(Reason.CLOSED);
        assertThat(fetch(source, ALL).failure()).isEqualTo(Reason.CLOSED);
        origin.close();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("runnel-http")));
    }

    @Test
    void info_origin_isNamedByHostAndShowsNoAddress() {
        assertThat(name("https://cdn.example/secret", "films")).matches("origin:cdn\\.example#[0-9a-f]{8}");
        assertThat(name("https://cdn.example:8443/secret", "films")).startsWith("origin:cdn.example:8443#");
        assertThat(name("https://192.0.2.7/secret", "films")).matches("origin:address#[0-9a-f]{8}");
        String longest = "https://" + "abcdefghi.".repeat(25) + "com:65535";
        assertThat(name(longest, "films")).startsWith("origin:abcdefghi.abc").hasSizeLessThanOrEqualTo(128);
    }

    @Test
    void info_originsOfOneHost_differByBaseAndBucket() {
        assertThat(List.of(
                        name("https://cdn.example", "old"),
                        name("https://cdn.example", "new"),
                        name("https://cdn.example/old", "new"),
                        name("https://cdn.example:8443", "old"),
                        name("https://192.0.2.7", "old"),
                        name("https://192.0.2.8", "old")))
                .doesNotHaveDuplicates();
        assertThat(name("https://cdn.example/", "old")).isEqualTo(name("https://cdn.example", "old"));
    }

    private String name(String base, String bucket) {
        return attach(HttpOrigin.at(URI.create(base), bucket).build()).info().id();
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 500, 503})
    void read_anotherBucketOfTheHostRefuses_isThePlaintext(int status) throws IOException {
        OriginTestServer server = serve(exchange -> {
            if (exchange.path().startsWith("/base/old/")) {
                exchange.answer(status, Map.of("retry-after", "60"), new byte[0]);
            } else {
                exchange.serve(file(exchange));
            }
        });
        URI base = server.uri().resolve("/base");
        try (Runnel client = Runnel.builder()
                        .keySource(new FixedKeys(BLOB))
                        .source(HttpOrigin.at(base, "old").tls(trusting()).build())
                        .source(HttpOrigin.at(base, "new").tls(trusting()).build())
                        .settings(FetchSettings.defaults().withNoProgressTimeout(Duration.ofSeconds(15)))
                        .build();
                Blob blob = client.open(BLOB.id())) {
            assertThat(blob.read(new ByteRange(0, GROUP))).isEqualTo(Arrays.copyOf(BLOB.plaintext(), GROUP));
        }
    }
}
