package io.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runnel.http.testing.InterimHttp2Server;
import io.runnel.http.testing.OriginExchange;
import io.runnel.http.testing.OriginTestServer;
import io.runnel.http.testing.RecordingReceiver;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceException.Reason;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of an origin that only announce the answer: 1xx. */
final class HttpOriginInterimTest extends OriginFixture {
    private static final Map<String, String> HINTS = Map.of("link", "</style.css>; rel=preload");

    @ParameterizedTest
    @CsvSource({"100, 3", "102, 3", "103, 3", "103, 16"})
    void fetch_interimAnswersFirst_areNotTakenForTheAnswer(int status, int count) {
        OriginTestServer server = serve(exchange -> {
            for (int i = 0; i < count; i++) {
                exchange.interim(status, HINTS);
            }
            exchange.serve(BLOB.bytes());
        });
        RecordingReceiver receiver = fetch(attach(origin(server).connections(1).build()), ALL);
        assertThat(receiver.end()).isEmpty();
        assertThat(receiver.bytes()).isEqualTo(BLOB.bytes());
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void fetch_interimAnswersFirstOverHttp2_areNotTakenForTheAnswer() {
        InterimHttp2Server server = new InterimHttp2Server(BLOB.bytes(), "103", "103");
        open.add(server);
        HttpOrigin origin =
                HttpOrigin.at(server.uri(), "bucket").tls(trusting()).build();
        RecordingReceiver receiver = fetch(attach(origin), ALL);
        assertThat(receiver.end()).isEmpty();
        assertThat(receiver.bytes()).isEqualTo(BLOB.bytes());
    }

    @Test
    void fetch_refusedAfterInterimAnswer_isRefused() {
        OriginTestServer server = serve(exchange -> {
            exchange.interim(103, HINTS);
            exchange.answer(404, Map.of(), new byte[10]);
        });
        assertThat(fetch(source(server), new GroupRange(0, 1)).failure()).isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void fetch_cutAfterInterimAnswer_isUnreachable() {
        OriginTestServer server = serve(exchange -> {
            exchange.interim(103, HINTS);
            exchange.cut();
        });
        assertThat(fetch(source(server), new GroupRange(0, 1)).failure()).isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void fetch_interimAnswersWithoutEnd_isAProtocolFailure() {
        OriginTestServer server = serve(exchange -> {
            for (int i = 0; i < 17; i++) {
                exchange.interim(103, HINTS);
            }
        });
        RecordingReceiver receiver = fetch(source(server), new GroupRange(0, 1));
        assertThat(receiver.failure()).isEqualTo(Reason.PROTOCOL);
        assertThat(receiver.bytes()).isEmpty();
        assertThat(server.exchanges()).hasSize(1);
    }

    @Test
    void fetch_interimAnswersWithoutEndOverHttp2_isAProtocolFailure() {
        InterimHttp2Server server = new InterimHttp2Server(
                BLOB.bytes(), Collections.nCopies(17, "103").toArray(String[]::new));
        open.add(server);
        HttpOrigin origin =
                HttpOrigin.at(server.uri(), "bucket").tls(trusting()).build();
        RecordingReceiver receiver = fetch(attach(origin), new GroupRange(0, 1));
        assertThat(receiver.failure()).isEqualTo(Reason.PROTOCOL);
        assertThat(receiver.bytes()).isEmpty();
    }

    @Test
    void fetch_interimAnswersNowAndThen_timesOut() {
        List<OriginExchange> held = new CopyOnWriteArrayList<>();
        OriginTestServer server = serve(held::add);
        RecordingReceiver receiver = fetch(
                attach(origin(server)
                        .timeouts(Duration.ofSeconds(5), Duration.ofMillis(150), Duration.ofSeconds(5))
                        .build()),
                new GroupRange(0, 1));
        await().pollInterval(Duration.ofMillis(60)).until(() -> {
            held.forEach(exchange -> exchange.interim(103, HINTS));
            return receiver.hasEnded();
        });
        assertThat(receiver.failure()).isEqualTo(Reason.TIMED_OUT);
        assertThat(receiver.bytes()).isEmpty();
    }
}
