package io.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runnel.http.testing.OriginExchange;
import io.runnel.http.testing.OriginTestServer;
import io.runnel.http.testing.RecordingReceiver;
import io.runnel.http.testing.TestPki;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceException.Reason;
import io.runnel.source.TestBlob;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The origin against servers that lie, fail or redirect. */
final class HttpOriginFaultsTest extends OriginFixture {
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
    void fetch_chunkedBodyCutAfterItsLastByte_isComplete() {
        OriginTestServer server = serve(exchange -> {
            exchange.head(206, Map.of("content-range", exchange.contentRange(BLOB.bytes())), chunked());
            exchange.body(exchange.part(BLOB.bytes()));
            exchange.cut();
        });
        RecordingReceiver receiver = fetch(source(server), new GroupRange(1, 3));
        assertThat(receiver.end()).isEmpty();
        assertThat(receiver.bytes()).isEqualTo(Arrays.copyOfRange(BLOB.bytes(), GROUP, 3 * GROUP));
        assertThat(server.exchanges()).hasSize(1);
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
    void fetch_busyUntilADate_countsFromTheServersDateAndNotTheViewersClock() {
        OriginTestServer server = serve(exchange -> exchange.answer(
                503,
                Map.of("date", "Sun, 22 Nov 2020 12:00:00 GMT", "retry-after", "Sun, 22 Nov 2020 12:10:00 GMT"),
                new byte[0]));
        var failure = fetch(source(server), new GroupRange(0, 1)).end().orElseThrow();
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofMinutes(10));
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
    void fetch_serverTrickles_timesOutWhereNothingComesOfIt() {
        List<OriginExchange> held = new CopyOnWriteArrayList<>();
        OriginTestServer server = serve(exchange -> {
            exchange.head(206, Map.of("content-range", exchange.contentRange(BLOB.bytes())), length(exchange));
            held.add(exchange);
        });
        BlobSource source = attach(origin(server)
                .timeouts(Duration.ofSeconds(5), Duration.ofMillis(150), Duration.ofSeconds(5))
                .build());
        RecordingReceiver receiver = fetch(source, new GroupRange(0, 64));
        await().pollInterval(Duration.ofMillis(30)).until(() -> {
            held.forEach(exchange -> exchange.body(new byte[10]));
            return receiver.hasEnded();
        });
        assertThat(receiver.failure()).isEqualTo(Reason.TIMED_OUT);
        assertThat(server.exchanges()).hasSize(3);
    }

    @Test
    void fetch_moreRefusedAnswersWithBodiesThanConnections_leaveTheConnectionsFree() {
        byte[] page = new byte[100_000];
        Map<String, Consumer<OriginExchange>> refusals = Map.of(
                "busy", exchange -> exchange.answer(503, Map.of(), page),
                "page", exchange -> exchange.answer(200, Map.of("content-type", "text/html"), page),
                "redirect", exchange -> exchange.answer(302, Map.of("location", "ftp://localhost/x"), page),
                "range ignored", exchange -> exchange.answer(200, Map.of(), BLOB.bytes()),
                "endless",
                        exchange -> {
                            exchange.head(200, Map.of(), chunked());
                            exchange.body(page);
                        });
        refusals.forEach((name, refusal) -> {
            AtomicInteger requests = new AtomicInteger();
            OriginTestServer server = serve(exchange -> {
                if (requests.incrementAndGet() <= 6) {
                    refusal.accept(exchange);
                } else {
                    exchange.serve(BLOB.bytes());
                }
            });
            Duration never = Duration.ofMinutes(5);
            BlobSource source = attach(
                    origin(server).connections(2).timeouts(never, never, never).build());
            while (requests.get() < 6) {
                assertThat(fetch(source, new GroupRange(1, 2)).end()).as(name).isPresent();
            }
            assertThat(fetch(source, new GroupRange(1, 2)).end()).as(name).isEmpty();
        });
    }

    @Test
    void fetch_serverTricklesAfterEachGroup_goesOnAtTheFirstMissingGroup() {
        List<OriginExchange> held = new CopyOnWriteArrayList<>();
        OriginTestServer server = serve(exchange -> {
            byte[] part = exchange.part(BLOB.bytes());
            exchange.head(206, Map.of("content-range", exchange.contentRange(BLOB.bytes())), length(exchange));
            exchange.body(Arrays.copyOf(part, GROUP));
            if (part.length == GROUP) {
                exchange.end();
            } else {
                held.add(exchange);
            }
        });
        BlobSource source = attach(origin(server)
                .timeouts(Duration.ofSeconds(5), Duration.ofMillis(150), Duration.ofSeconds(5))
                .build());
        RecordingReceiver receiver = fetch(source, new GroupRange(0, 5));
        await().pollInterval(Duration.ofMillis(30)).until(() -> {
            held.forEach(exchange -> exchange.body(new byte[10]));
            return receiver.hasEnded();
        });
        assertThat(receiver.end()).isEmpty();
        assertThat(receiver.bytes()).isEqualTo(Arrays.copyOf(BLOB.bytes(), 5 * GROUP));
        assertThat(server.exchanges())
                .extracting(OriginExchange::from)
                .containsOnly(0, GROUP, 2 * GROUP, 3 * GROUP, 4 * GROUP);
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

    /** A label of more than 63 letters: no name server need be asked to know that there is no such host. */
    @Test
    void fetch_hostHasNoAddress_isUnreachableAndSaysNothingOfTheQuery() {
        URI nowhere = URI.create("https://" + "x".repeat(64) + ".invalid/");
        HttpOrigin origin = HttpOrigin.at("cdn", id -> nowhere.resolve(id + "?signature=hunter2"))
                .retry(2, Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofSeconds(2))
                .build();
        var failure = fetch(attach(origin), new GroupRange(0, 1)).end().orElseThrow();
        assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(failure).hasMessageNotContaining("hunter2");
    }

    @Test
    void fetch_addressSupplierFails_isUnreachableAndSaysNothingOfTheAddress() {
        HttpOrigin origin = HttpOrigin.at("cdn", id -> {
                    throw new AssertionError("hunter2");
                })
                .build();
        var failure = fetch(attach(origin), new GroupRange(0, 1)).end().orElseThrow();
        assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(failure).hasMessageNotContaining("hunter2");
    }

    @Test
    void fetch_plainHttp_isRefusedUnlessAllowedOnLoopback() {
        OriginTestServer server = new OriginTestServer(null, exchange -> exchange.serve(BLOB.bytes()));
        open.add(server);
        assertThatThrownBy(() -> origin(server).build()).isInstanceOf(IllegalArgumentException.class);
        HttpOrigin signed = HttpOrigin.at("cdn", id -> server.uri().resolve("/" + id + "?signature=hunter2"))
                .build();
        var failure = fetch(attach(signed), new GroupRange(0, 1)).end().orElseThrow();
        assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(failure).hasMessageNotContaining("hunter2");
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
                uri -> {
                    throw new AssertionError("token hunter2");
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
}
