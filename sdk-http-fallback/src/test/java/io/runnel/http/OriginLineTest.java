package io.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchSettings;
import io.runnel.http.testing.OriginTestServer;
import io.runnel.http.testing.RangeServer;
import io.runnel.keys.FixedKeys;
import io.runnel.relay.Line;
import io.runnel.relay.TcpRelay;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole fetches from a real origin over bad lines. */
@Timeout(60)
class OriginLineTest {
    private static final int SIZE = 2 << 20;
    private static final TestBlob BLOB = TestBlob.random(61, SIZE);
    private static final ByteRange ALL = new ByteRange(0, SIZE);

    private final RangeServer server = new RangeServer(false);
    private final TcpRelay relay = new TcpRelay(server.uri().getPort());
    private Duration patience = Duration.ofSeconds(30);
    private Runnel client;

    private Blob open() throws IOException {
        return open(relay.port());
    }

    private Blob open(int port) throws IOException {
        server.put("/blobs/" + BLOB.id(), BLOB.bytes());
        server.put("/blobs/" + BLOB.id() + ".obao4", BLOB.outboard());
        HttpOrigin origin = HttpOrigin.at(URI.create("https://localhost:" + port), "blobs")
                .tls(OriginFixture.trusting())
                .retry(3, Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofSeconds(2))
                .build();
        client = Runnel.builder()
                .keySource(new FixedKeys(BLOB))
                .source(origin)
                .settings(FetchSettings.defaults().withNoProgressTimeout(patience))
                .build();
        return client.open(BLOB.id());
    }

    @AfterEach
    void close() {
        client.close();
        relay.close();
        server.close();
    }

    @Test
    void read_connectionsCutInTheMiddleOfBodies_isThePlaintext() throws IOException {
        relay.limits(number -> 200_000L + 40_000L * (number % 7));
        try (Blob blob = open()) {
            assertThat(blob.read(ALL)).isEqualTo(BLOB.plaintext());
            assertThat(relay.opened()).isGreaterThan(SIZE / 440_000);
            assertThat(blob.stats().rejectedGroups()).isZero();
        }
    }

    @Test
    void read_slowOrigin_isThePlaintextAsFastAsTheLine() throws IOException {
        relay.line(Line.perfect().delaying(Duration.ofMillis(50)).passing(1 << 20));
        try (Blob blob = open()) {
            assertThat(blob.read(ALL)).isEqualTo(BLOB.plaintext());
            // Nothing is asked for twice because it takes long.
            assertThat(relay.passedBytes()).isLessThan(BLOB.bytes().length * 11L / 10);
        }
    }

    @Test
    void read_originUnreachableForAWhile_goesOn() throws IOException {
        relay.line(Line.perfect().passing(2 << 20));
        try (Blob blob = open()) {
            CompletableFuture<ByteBuffer> read = blob.readAsync(ALL);
            await().until(() -> relay.passedBytes() > SIZE / 4);
            relay.cut();
            await().until(() -> relay.refused() >= 3);
            relay.mend();
            assertThat(read.join().array()).isEqualTo(BLOB.plaintext());
        }
    }

    @Test
    void read_captivePortalUntilTheViewerSignsIn_isThePlaintext() throws IOException {
        byte[] page = "<html>Sign in to go on</html>".getBytes(StandardCharsets.UTF_8);
        AtomicInteger requests = new AtomicInteger();
        try (OriginTestServer portal = new OriginTestServer(exchange -> {
                    int request = requests.getAndIncrement();
                    if (request >= 2) {
                        exchange.serve(exchange.path().endsWith(".obao4") ? BLOB.outboard() : BLOB.bytes());
                    } else if (request % 2 == 0) {
                        exchange.answer(200, Map.of("content-type", "text/html"), page);
                    } else {
                        exchange.answer(302, Map.of("location", "http://localhost/sign-in"), page);
                    }
                });
                Blob blob = open(portal.port())) {
            assertThat(blob.read(ALL)).isEqualTo(BLOB.plaintext());
            assertThat(requests).hasValueGreaterThan(2);
            assertThat(blob.stats().rejectedGroups()).isZero();
        }
    }

    @Test
    void read_originUnreachableForGood_saysSoAndTheNextReadFindsItBack() throws IOException {
        patience = Duration.ofMillis(1500);
        relay.line(Line.perfect().passing(2 << 20));
        try (Blob blob = open()) {
            CompletableFuture<ByteBuffer> read = blob.readAsync(ALL);
            await().until(() -> relay.passedBytes() > SIZE / 4);
            relay.cut();
            assertThatThrownBy(read::join)
                    .cause()
                    .isInstanceOfSatisfying(
                            FetchException.class,
                            e -> assertThat(e.reason()).isEqualTo(FetchException.Reason.ORIGIN_FAILED));
            relay.mend();
            await().pollInterval(Duration.ofMillis(10)).ignoreExceptions().until(() -> {
                assertThat(blob.read(ALL)).isEqualTo(BLOB.plaintext());
                return true;
            });
        }
    }
}
