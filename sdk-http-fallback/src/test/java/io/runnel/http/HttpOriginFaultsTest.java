package io.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runnel.crypto.BlobId;
import io.runnel.http.testing.OriginExchange;
import io.runnel.http.testing.OriginTestServer;
import io.runnel.http.testing.RecordingReceiver;
import io.runnel.http.testing.TestPki;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceException.Reason;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The origin against servers that fail, stall, refuse or are not to be trusted, and apps that give it bad settings. */
final class HttpOriginFaultsTest extends OriginFixture {
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
    void fetch_addressFunctionFails_saysSoAndNothingOfTheAddress() {
        Map<String, Function<BlobId, URI>> bad = Map.of(
                "failed (java.lang.IllegalStateException)",
                id -> {
                    throw new IllegalStateException("https://h/?signature=hunter2");
                },
                "failed (java.lang.AssertionError)",
                id -> {
                    throw new AssertionError("https://h/?signature=hunter2");
                },
                "gave null",
                id -> null);
        bad.forEach((says, addresses) -> {
            var failure = fetch(attach(HttpOrigin.at("signed", addresses).build()), new GroupRange(0, 1))
                    .end()
                    .orElseThrow();
            assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(failure)
                    .hasMessageContaining("origin:signed: the app's address function " + says)
                    .hasMessageNotContaining("hunter2");
        });
    }

    @Test
    void builder_badAddressOrWaits_isTheCallersMistake() {
        for (String uri : List.of("https://h/a#b", "https://h/a?b", "https://u:p@h/", "https://u:p@h_h/")) {
            assertThatThrownBy(() -> HttpOrigin.at(URI.create(uri), "films"))
                    .hasMessageStartingWith("base: must be https://");
        }
        assertThatThrownBy(() -> HttpOrigin.at(URI.create("https:/a"), "films"))
                .hasMessageStartingWith("base: https:/a, must be https://");
        assertThatThrownBy(
                        () -> HttpOrigin.at(URI.create("http://h/a"), "films").build())
                .hasMessageStartingWith("base: http://h/a, must be https://");
        for (String host : List.of("my_cdn.example.com", "m\u00fcnchen.de")) {
            assertThatThrownBy(() -> HttpOrigin.at(URI.create("https://" + host), "films"))
                    .hasMessageStartingWith("base: https://" + host + ", must be https://host")
                    .hasMessageContainingAll("with a host of", "no underscore", "xn--");
        }
        for (int port : List.of(0, 65536, 99999)) {
            URI uri = URI.create("https://h:" + port + "/a");
            assertThatThrownBy(() -> HttpOrigin.at(uri, "films").build())
                    .hasMessageStartingWith("base: " + uri + ", must be https://")
                    .hasMessageEndingWith("with a port of 1 to 65535");
        }
        assertThatThrownBy(() -> HttpOrigin.at(URI.create("https://h"), "films/.hidden"))
                .hasMessageStartingWith("bucket: \"films/.hidden\", must be");
        HttpOrigin.Builder builder = HttpOrigin.at(URI.create("https://h"), "films");
        Duration good = Duration.ofSeconds(1);
        assertThatThrownBy(() -> builder.retry(4, good, good, Duration.ofSeconds(-5)))
                .hasMessageContaining("longestRetryAfter: PT-5S");
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
        assertThatThrownBy(() -> builder.retry(4, good, endless, good))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cap: PT");
        assertThatThrownBy(() -> builder.retry(4, endless, endless, good))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("base: PT");
        assertThatThrownBy(() -> builder.timeouts(good, Duration.ZERO, good)).hasMessageContaining("response: PT0S");
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
    void builder_null_saysWhich() {
        HttpOrigin.Builder builder = HttpOrigin.at(URI.create("https://h"), "films");
        Duration good = Duration.ofSeconds(1);
        Map<String, ThrowingCallable> nulls = Map.of(
                "base", () -> HttpOrigin.at((URI) null, "films"),
                "bucket", () -> HttpOrigin.at(URI.create("https://h"), null),
                "blobUri", () -> HttpOrigin.at("cdn", null),
                "settings", () -> builder.tls(null),
                "uri", () -> builder.outboardUri(null),
                "supplier", () -> builder.headers(null),
                "idle", () -> builder.timeouts(good, good, null),
                "cap", () -> builder.retry(4, good, null, good));
        nulls.forEach((field, call) -> assertThatThrownBy(call)
                .isInstanceOf(NullPointerException.class)
                .hasMessage(field));
    }

    @Test
    void fetch_headerSupplierFailsOrGivesWhatIsOurs_isDeniedAndSaysWhichButNothingOfTheToken() {
        OriginTestServer server = serve(exchange -> exchange.serve(BLOB.bytes()));
        Map<String, HeaderSupplier> bad = Map.of(
                "header supplier failed (java.lang.IllegalStateException)",
                uri -> {
                    throw new IllegalStateException("token hunter2");
                },
                "header supplier failed (java.lang.AssertionError)",
                uri -> {
                    throw new AssertionError("token hunter2");
                },
                "headers are null",
                uri -> null,
                "headers set Range,",
                uri -> Map.of("Range", "hunter2"),
                "headers give x-token a value",
                uri -> Map.of("x-token", "hunter2\r\ny: z"),
                "headers give x-null a value",
                uri -> Collections.singletonMap("x-null", null),
                "headers have a name that is none",
                uri -> Map.of("hunter2: x", "y"));
        bad.forEach((says, supplier) -> {
            var failure = fetch(attach(origin(server).headers(supplier).build()), new GroupRange(0, 1))
                    .end()
                    .orElseThrow();
            assertThat(failure.reason()).isEqualTo(Reason.DENIED);
            assertThat(failure)
                    .hasMessageContaining("was not asked: the app's " + says)
                    .hasMessageNotContaining("hunter2");
        });
        assertThat(server.exchanges()).isEmpty();
    }
}
