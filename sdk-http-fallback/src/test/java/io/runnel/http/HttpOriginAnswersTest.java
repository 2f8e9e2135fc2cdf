package io.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.http.testing.OriginTestServer;
import io.runnel.http.testing.RecordingReceiver;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceException.Reason;
import io.runnel.source.TestBlob;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The origin against servers whose answers are not what was asked for, or lead elsewhere. */
final class HttpOriginAnswersTest extends OriginFixture {
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

    @Test
    void fetch_answerIsNoHttp_isAProtocolFailure() {
        Map<String, String> answers = Map.of(
                "another protocol", "SSH-2.0-OpenSSH_9.2\r\n\r\n",
                "status", "HTTP/1.1 ok OK\r\ncontent-length: 0\r\n\r\n",
                "header", "HTTP/1.1 206 OK\r\nno header at all\r\n\r\n",
                "two lengths", "HTTP/1.1 206 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n",
                "headers without end", "HTTP/1.1 206 OK\r\n" + "x: y\r\n".repeat(100_000),
                "chunk",
                        "HTTP/1.1 206 OK\r\ntransfer-encoding: chunked\r\ncontent-range: bytes 16384-32767/"
                                + BLOB.bytes().length + "\r\n\r\nzz\r\n");
        answers.forEach((name, bytes) -> {
            OriginTestServer server = serve(exchange -> exchange.raw(bytes));
            RecordingReceiver receiver = fetch(source(server), new GroupRange(1, 2));
            assertThat(receiver.failure()).as(name).isEqualTo(Reason.PROTOCOL);
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
    void fetch_bodyWithoutEnd_isCompleteWithItsLastByteAndItsConnectionIsGivenUp() {
        OriginTestServer server = serve(exchange -> {
            exchange.head(206, Map.of("content-range", exchange.contentRange(BLOB.bytes())), chunked());
            exchange.body(exchange.part(BLOB.bytes()));
        });
        Duration patience = Duration.ofMinutes(1);
        BlobSource source =
                attach(origin(server).timeouts(patience, patience, patience).build());
        RecordingReceiver receiver = fetch(source, new GroupRange(1, 3));
        assertThat(receiver.end()).isEmpty();
        assertThat(receiver.bytes()).isEqualTo(Arrays.copyOfRange(BLOB.bytes(), GROUP, 3 * GROUP));
        Awaitility.await().until(() -> !server.exchanges().get(0).isOpen());
        assertThat(server.exchanges()).hasSize(1);
    }

    @Test
    void fetch_answerEndsBeforeTheRangeDoes_goesOnAtTheFirstMissingGroup() {
        int most = 2 * GROUP + 100;
        OriginTestServer server = serve(exchange -> {
            byte[] part = Arrays.copyOf(exchange.part(BLOB.bytes()), Math.min(most, exchange.to() - exchange.from()));
            String range =
                    "bytes " + exchange.from() + "-" + (exchange.from() + part.length - 1) + "/" + BLOB.bytes().length;
            exchange.answer(206, Map.of("content-range", range), part);
        });
        RecordingReceiver receiver = fetch(source(server), new GroupRange(0, 10));
        assertThat(receiver.end()).isEmpty();
        assertThat(receiver.bytes()).isEqualTo(Arrays.copyOf(BLOB.bytes(), 10 * GROUP));
        assertThat(server.exchanges()).hasSize(5);
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
}
