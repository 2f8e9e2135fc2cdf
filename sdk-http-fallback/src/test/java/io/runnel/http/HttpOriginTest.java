package io.runnel.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runnel.http.testing.OriginExchange;
import io.runnel.http.testing.OriginTestServer;
import io.runnel.http.testing.RecordingReceiver;
import io.runnel.http.testing.TestPki;
import io.runnel.source.BlobSource;
import io.runnel.source.BlobSource.Transfer;
import io.runnel.source.GroupRange;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceException.Reason;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import io.runnel.source.TestBlob;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class HttpOriginTest {
    private static final int GROUP = 1 << 14;
    /** Three ranges and a bit, and a last group that is short. */
    private static final TestBlob BLOB = TestBlob.random(1, (3 << 20) + 5 * GROUP + 77);

    private static final GroupRange ALL = new GroupRange(0, 192 + 6);

    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

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

    @Test
    void tree_cancelled_stopsTheRequest() {
        OriginTestServer server = serve(exchange -> {});
        CompletableFuture<ByteBuffer> tree = source(server).tree(0, 64);
        await().until(() -> server.exchanges().size() == 1);
        tree.cancel(true);
        await().until(() -> !server.exchanges().get(0).isOpen());
    }

    @Test
    void fetch_rangeIgnored_isAProtocolFailureUnlessTheWholeWasAsked() {
        OriginTestServer server = serve(exchange -> exchange.answer(200, Map.of(), BLOB.bytes()));
        RecordingReceiver receiver = fetch(source(server), new GroupRange(1, 2));
        assertThat(receiver.failure()).isEqualTo(Reason.PROTOCOL);
        assertThat(receiver.bytes()).isEmpty();

        TestBlob small = TestBlob.random(2, GROUP + 5);
        OriginTestServer simple = serve(exchange -> exchange.answer(200, Map.of(), small.bytes()));
        RecordingReceiver whole = fetch(attach(origin(simple).build(), small), new GroupRange(0, 2));
        assertThat(whole.end()).isEmpty();
        assertThat(whole.bytes()).isEqualTo(small.bytes());
    }

    @Test
    void fetch_wrongPlaceLengthOrForm_isAProtocolFailureAndNoByteIsPassedOn() {
        String right = "bytes 16384-32767/" + BLOB.bytes().length;
        Map<String, Map<String, String>> lies = Map.of(
                "shifted", Map.of("content-range", "bytes 16385-32768/" + BLOB.bytes().length),
                "shorter", Map.of("content-range", "bytes 16384-32766/" + BLOB.bytes().length),
                "other total", Map.of("content-range", "bytes 16384-32767/" + (BLOB.bytes().length + 1)),
                "no total", Map.of("content-range", "bytes 16384-32767/*"),
                "nonsense", Map.of("content-range", "bytes=16384-32767"),
                "none", Map.of(),
                "compressed", Map.of("content-range", right, "content-encoding", "gzip"),
                "multipart", Map.of("content-range", right, "content-type", "multipart/byteranges; boundary=x"),
                "html", Map.of("content-range", right, "content-type", "text/html; charset=utf-8"));
        lies.forEach((name, headers) -> {
            OriginTestServer server = serve(exchange -> exchange.answer(206, headers, exchange.part(BLOB.bytes())));
            RecordingReceiver receiver = fetch(source(server), new GroupRange(1, 2));
            assertThat(receiver.failure()).as(name).isEqualTo(Reason.PROTOCOL);
            assertThat(receiver.bytes()).as(name).isEmpty();
            assertThat(server.exchanges()).as(name).hasSize(1);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 16384})
    void fetch_contentLengthNotThatOfTheRange_isAProtocolFailure(int off) {
        OriginTestServer server = serve(exchange -> exchange.answer(
                206, Map.of("content-range", exchange.contentRange(BLOB.bytes())), new byte[GROUP + off]));
        RecordingReceiver receiver = fetch(source(server), new GroupRange(1, 2));
        assertThat(receiver.failure()).isEqualTo(Reason.PROTOCOL);
        assertThat(receiver.bytes()).isEmpty();
    }

    @Test
    void fetch_chunkedBodyTooLong_isAProtocolFailureAndNoByteTooManyIsPassedOn() {
        OriginTestServer server = serve(exchange -> {
            exchange.head(206, Map.of("content-range", exchange.contentRange(BLOB.bytes())), chunked());
            exchange.body(exchange.part(BLOB.bytes()));
            exchange.body(new byte[1]);
            exchange.end();
        });
        RecordingReceiver receiver = fetch(source(server), new GroupRange(1, 2));
        receiver.end().ifPresent(failure -> assertThat(failure.reason()).isEqualTo(Reason.PROTOCOL));
        assertThat(receiver.bytes().length).isIn(0, GROUP);
    }

    @Test
    void fetch_chunkedBodyTooShort_isTriedAgainAndThenAProtocolFailure() {
        OriginTestServer server = serve(exchange -> {
            exchange.head(206, Map.of("content-range", exchange.contentRange(BLOB.bytes())), chunked());
            exchange.body(Arrays.copyOf(exchange.part(BLOB.bytes()), GROUP - 1));
            exchange.end();
        });
        RecordingReceiver receiver = fetch(source(server), new GroupRange(1, 2));
        assertThat(receiver.failure()).isEqualTo(Reason.PROTOCOL);
        assertThat(receiver.bytes()).isEmpty();
        assertThat(server.exchanges()).hasSize(3);
    }

    @Test
    void fetch_bodyCutShort_goesOnAtTheFirstMissingGroup() {
        OriginTestServer server = serve(exchange -> {
            exchange.head(206, Map.of("content-range", exchange.contentRange(BLOB.bytes())), length(exchange));
            byte[] part = exchange.part(BLOB.bytes());
            exchange.body(Arrays.copyOf(part, Math.min(part.length, 10 * GROUP + 100)));
            exchange.cut();
        });
        RecordingReceiver receiver = fetch(source(server), new GroupRange(0, 64));
        assertThat(receiver.end()).isEmpty();
        assertThat(receiver.bytes()).isEqualTo(Arrays.copyOf(BLOB.bytes(), 1 << 20));
        assertThat(server.exchanges())
                .extracting(OriginExchange::from)
                .containsExactly(0, 10 * GROUP, 20 * GROUP, 30 * GROUP, 40 * GROUP, 50 * GROUP, 60 * GROUP);
    }

    @Test
    void fetch_connectionCutAtOnce_isTriedAgainAndThenUnreachable() {
        OriginTestServer server = serve(OriginExchange::cut);
        assertThat(fetch(source(server), new GroupRange(0, 1)).failure()).isEqualTo(Reason.UNREACHABLE);
        assertThat(server.exchanges()).hasSizeGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "404,NOT_FOUND,1",
        "410,NOT_FOUND,1",
        "416,NOT_FOUND,1",
        "401,DENIED,1",
        "403,DENIED,1",
        "429,BUSY,3",
        "503,BUSY,3",
        "500,UNREACHABLE,3",
        "502,UNREACHABLE,3",
        "504,UNREACHABLE,3",
        "501,UNREACHABLE,1",
        "400,PROTOCOL,1",
        "204,PROTOCOL,1",
        "304,PROTOCOL,1",
        "300,PROTOCOL,1",
    })
    void fetch_refused_givesTheReasonAfterTheRetriesItDeserves(int status, Reason reason, int requests) {
        OriginTestServer server = serve(exchange -> {
            exchange.head(status, Map.of("content-length", "0"), Map.of());
            exchange.end();
        });
        RecordingReceiver receiver = fetch(source(server), new GroupRange(0, 1));
        assertThat(receiver.failure()).isEqualTo(reason);
        assertThat(server.exchanges()).hasSize(requests);
    }

    @Test
    void fetch_busyThenFine_waitsAsRetryAfterAsks() {
        AtomicInteger requests = new AtomicInteger();
        OriginTestServer server = serve(exchange -> {
            if (requests.incrementAndGet() == 1) {
                exchange.answer(429, Map.of("retry-after", "1"), new byte[0]);
            } else {
                exchange.serve(BLOB.bytes());
            }
        });
        long start = System.nanoTime();
        RecordingReceiver receiver = fetch(source(server), new GroupRange(0, 1));
        assertThat(receiver.end()).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(990));
    }

    @Test
    void fetch_busyForLong_isReportedAtOnceWithTheWait() {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(10));
        for (String asks : List.of("600", date)) {
            OriginTestServer server = serve(exchange -> exchange.answer(503, Map.of("retry-after", asks), new byte[0]));
            var failure = fetch(source(server), new GroupRange(0, 1)).end().orElseThrow();
            assertThat(failure.reason()).isEqualTo(Reason.BUSY);
            assertThat(failure.retryAfter()).isBetween(Duration.ofSeconds(570), Duration.ofSeconds(600));
            assertThat(server.exchanges()).hasSize(1);
        }
    }

    @Test
    void fetch_serverErrorsThenFine_succeeds() {
        AtomicInteger requests = new AtomicInteger();
        OriginTestServer server = serve(exchange -> {
            if (requests.incrementAndGet() <= 2) {
                exchange.answer(502, Map.of(), "<html>bad gateway</html>".getBytes(StandardCharsets.UTF_8));
            } else {
                exchange.serve(BLOB.bytes());
            }
        });
        assertThat(fetch(source(server), new GroupRange(0, 1)).end()).isEmpty();
    }

    @Test
    void fetch_serverStalls_timesOut() {
        OriginTestServer silent = serve(exchange -> {});
        OriginTestServer stalling = serve(exchange -> {
            exchange.head(206, Map.of("content-range", exchange.contentRange(BLOB.bytes())), length(exchange));
            exchange.body(new byte[100]);
        });
        for (OriginTestServer server : List.of(silent, stalling)) {
            BlobSource source = attach(origin(server)
                    .timeouts(Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofSeconds(5))
                    .build());
            assertThat(fetch(source, new GroupRange(0, 1)).failure()).isEqualTo(Reason.TIMED_OUT);
            assertThat(server.exchanges()).hasSize(3);
        }
    }

    @Test
    void fetch_redirectWithinTheOrigin_keepsTheAppsHeaders() {
        OriginTestServer server = serve(exchange -> {
            if (exchange.path().startsWith("/base")) {
                exchange.answer(302, Map.of("location", "/moved?x=1"), new byte[10]);
            } else {
                exchange.serve(BLOB.bytes());
            }
        });
        BlobSource source = attach(origin(server).headers(token()).build());
        assertThat(fetch(source, new GroupRange(0, 1)).end()).isEmpty();
        assertThat(server.exchanges())
                .extracting(exchange -> exchange.header("authorization"))
                .containsExactly("Bearer t1", "Bearer t2");
        assertThat(server.exchanges().get(1).path()).isEqualTo("/moved?x=1");
    }

    @Test
    void fetch_redirectToAnotherOriginAndBack_leavesTheAppsHeadersBehind() {
        URI[] home = new URI[1];
        OriginTestServer elsewhere =
                serve(exchange -> exchange.answer(307, Map.of("location", home[0] + "/back"), new byte[0]));
        OriginTestServer server = serve(exchange -> {
            if (exchange.path().startsWith("/base")) {
                exchange.answer(302, Map.of("location", elsewhere.uri() + "/x"), new byte[0]);
            } else {
                exchange.serve(BLOB.bytes());
            }
        });
        home[0] = server.uri();
        BlobSource source = attach(origin(server).headers(token()).build());
        assertThat(fetch(source, new GroupRange(0, 1)).end()).isEmpty();
        assertThat(server.exchanges().get(0).header("authorization")).isEqualTo("Bearer t1");
        assertThat(elsewhere.exchanges().get(0).header("authorization")).isEmpty();
        assertThat(server.exchanges().get(1).header("authorization")).isEmpty();
        assertThat(elsewhere.exchanges().get(0).header("range")).isEqualTo("bytes=0-16383");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/base/again", "http://localhost:1/x", "ftp://localhost/x", "https://u:p@localhost/", "::"})
    void fetch_redirectThatLeadsNowhere_isAProtocolFailure(String location) {
        OriginTestServer server = serve(exchange -> exchange.answer(302, Map.of("location", location), new byte[0]));
        assertThat(fetch(source(server), new GroupRange(0, 1)).failure()).isEqualTo(Reason.PROTOCOL);
        assertThat(server.exchanges()).hasSizeLessThanOrEqualTo(6);
    }

    @Test
    void fetch_etagChangesMeanwhile_isAProtocolFailure() {
        AtomicInteger requests = new AtomicInteger();
        OriginTestServer server = serve(exchange ->
                exchange.serve(BLOB.bytes(), Map.of("etag", requests.incrementAndGet() < 3 ? "\"a\"" : "\"b\"")));
        RecordingReceiver receiver = fetch(attach(origin(server).connections(1).build()), ALL);
        assertThat(receiver.failure()).isEqualTo(Reason.PROTOCOL);
        assertThat(receiver.bytes()).isEqualTo(Arrays.copyOf(BLOB.bytes(), 2 << 20));
    }

    @Test
    void fetch_untrustedCertificateOrWrongNameOrPin_isUnreachableWithoutARequest() {
        OriginTestServer server = serve(exchange -> exchange.serve(BLOB.bytes()));
        OriginTestServer misnamed = new OriginTestServer(
                TestPki.serverContext(TestPki.shared().issue("other.example"), List.of()),
                exchange -> exchange.serve(BLOB.bytes()));
        open.add(misnamed);
        String reserve = TestPki.pin(TestPki.shared().issue("reserve"));
        List<HttpOrigin> origins = List.of(
                origin(server).tls(TlsSettings.defaults()).build(),
                origin(misnamed).build(),
                origin(server).tls(trusting().toBuilder().pin(reserve).build()).build());
        for (HttpOrigin origin : origins) {
            assertThat(fetch(attach(origin), new GroupRange(0, 1)).failure()).isEqualTo(Reason.UNREACHABLE);
        }
        assertThat(server.exchanges()).isEmpty();
        assertThat(misnamed.exchanges()).isEmpty();
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void fetch_plainHttp_isRefusedUnlessAllowedOnLoopback() {
        OriginTestServer server = new OriginTestServer(null, exchange -> exchange.serve(BLOB.bytes()));
        open.add(server);
        assertThat(fetch(source(server), new GroupRange(0, 1)).failure()).isEqualTo(Reason.UNREACHABLE);
        assertThat(server.exchanges()).isEmpty();
        BlobSource allowed = attach(origin(server).allowHttpOnLoopback().build());
        assertThat(fetch(allowed, new GroupRange(0, 1)).end()).isEmpty();
    }

    @Test
    void fetch_headerSupplierFailsOrGivesRange_isDeniedAndSaysNothingOfTheToken() {
        OriginTestServer server = serve(exchange -> exchange.serve(BLOB.bytes()));
        List<HeaderSupplier> bad = List.of(
                uri -> {
                    throw new IllegalStateException("token hunter2");
                },
                uri -> Map.of("Range", "bytes=0-1"),
                uri -> Map.of("x", "hunter2\r\ny: z"));
        for (HeaderSupplier supplier : bad) {
            var failure = fetch(attach(origin(server).headers(supplier).build()), new GroupRange(0, 1))
                    .end()
                    .orElseThrow();
            assertThat(failure.reason()).isEqualTo(Reason.DENIED);
            assertThat(failure).hasMessageNotContaining("hunter2");
        }
        assertThat(server.exchanges()).isEmpty();
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
        SharedBlob.Subscription subscription = origin.attach(BLOB.shared(), listener(joined, new AtomicInteger()));
        BlobSource source = joined.join();
        RecordingReceiver running = fetch(source, ALL);
        await().until(() -> !server.exchanges().isEmpty());
        subscription.close();
        assertThat(running.failure()).isEqualTo(Reason.CLOSED);
        assertThat(fetch(source, ALL).failure()).isEqualTo(Reason.CLOSED);
        assertThat(source.tree(0, 64)).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    void ban_origin_leavesAndIsNotJoinedAgain() {
        OriginTestServer server = serve(exchange -> {});
        HttpOrigin origin = origin(server).build();
        open.add(origin);
        CompletableFuture<BlobSource> joined = new CompletableFuture<>();
        AtomicInteger left = new AtomicInteger();
        origin.attach(BLOB.shared(), listener(joined, left));
        BlobSource source = joined.join();
        RecordingReceiver running = fetch(source, ALL);
        origin.ban(new SourceInfo("peer:x", SourceInfo.Kind.PEER));
        assertThat(running.hasEnded()).isFalse();
        origin.ban(source.info());
        assertThat(running.failure()).isEqualTo(Reason.CLOSED);
        await().until(() -> left.get() == 1);
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
        HttpOrigin named =
                HttpOrigin.at(URI.create("https://cdn.example/x"), "b").build();
        HttpOrigin address =
                HttpOrigin.at(URI.create("https://192.0.2.7/x"), "b").build();
        open.addAll(List.of(named, address));
        assertThat(attach(named).info().id()).isEqualTo("origin:cdn.example");
        assertThat(attach(address).info().id()).startsWith("origin:address-").doesNotContain("192");
    }

    private OriginTestServer serve(OriginTestServer.Behaviour behaviour) {
        OriginTestServer server = new OriginTestServer(behaviour);
        open.add(server);
        return server;
    }

    private BlobSource source(OriginTestServer server) {
        return attach(origin(server).build());
    }

    private static HttpOrigin.Builder origin(OriginTestServer server) {
        return HttpOrigin.at(server.uri().resolve("/base/"), "bucket")
                .tls(trusting())
                .retry(3, Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofSeconds(2));
    }

    private BlobSource attach(HttpOrigin origin) {
        return attach(origin, BLOB);
    }

    private BlobSource attach(HttpOrigin origin, TestBlob blob) {
        open.add(0, origin);
        CompletableFuture<BlobSource> joined = new CompletableFuture<>();
        origin.attach(blob.shared(), listener(joined, new AtomicInteger()));
        return joined.join();
    }

    private static SourceProvider.Listener listener(CompletableFuture<BlobSource> joined, AtomicInteger left) {
        return new SourceProvider.Listener() {
            @Override
            public void joined(BlobSource source) {
                joined.complete(source);
            }

            @Override
            public void availabilityChanged(BlobSource source) {}

            @Override
            public void left(BlobSource source) {
                left.incrementAndGet();
            }

            @Override
            public void misbehaved(SourceInfo source, String what) {}
        };
    }

    private static byte[] file(OriginExchange exchange) {
        return exchange.path().endsWith(".obao4") ? BLOB.outboard() : BLOB.bytes();
    }

    private static RecordingReceiver fetch(BlobSource source, GroupRange groups) {
        RecordingReceiver receiver = new RecordingReceiver(groups.first());
        source.fetch(groups, receiver);
        return receiver;
    }

    private static HeaderSupplier token() {
        AtomicInteger asked = new AtomicInteger();
        return uri -> Map.of("Authorization", "Bearer t" + asked.incrementAndGet());
    }

    private static Map<String, String> length(OriginExchange exchange) {
        return Map.of("content-length", "" + (Math.min(BLOB.bytes().length, exchange.to()) - exchange.from()));
    }

    private static Map<String, String> chunked() {
        return Map.of("transfer-encoding", "chunked");
    }

    private static TlsSettings trusting() {
        return TlsSettings.builder().trust(TestPki.shared().authority()).build();
    }
}
