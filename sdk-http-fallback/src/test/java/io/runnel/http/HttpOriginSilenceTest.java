package io.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchSettings;
import io.runnel.http.testing.RangeServer;
import io.runnel.http.testing.RecordingReceiver;
import io.runnel.keys.FixedKeys;
import io.runnel.source.BlobSource;
import io.runnel.source.BlobSource.Transfer;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceException.Reason;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to an origin that die without a word, and live ones that only seem to. */
final class HttpOriginSilenceTest extends OriginFixture {
    private static final TestBlob OTHER = TestBlob.random(62, 40 * GROUP);
    private static final GroupRange FIRST = new GroupRange(0, 1);
    private static final Duration NEVER = Duration.ofHours(1);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fetch_connectionDiedSilently_onceOneIsCancelledTheNextGoesOn(boolean http2) {
        RangeServer server = serving(http2);
        // One at a time: the second fetch waits until the first has given its connection back.
        BlobSource source =
                attach(at(server).connections(1).timeouts(NEVER, NEVER, NEVER).build());
        assertThat(fetch(source, FIRST).end()).isEmpty();
        server.silenceConnections();
        RecordingReceiver unanswered = new RecordingReceiver(0);
        Transfer given = source.fetch(FIRST, unanswered);
        await().until(server::hasSwallowed);
        given.cancel();
        assertThat(unanswered.failure()).isEqualTo(Reason.CLOSED);
        assertThat(fetch(source, FIRST).end()).isEmpty();
        assertThat(server.connections()).isEqualTo(2);
        assertThat(server.versions()).containsExactly(http2 ? "HTTP/2.0" : "HTTP/1.1");
    }

    @Test
    void read_http2ConnectionDiesSilently_goesOnOverANewOne() throws IOException {
        RangeServer server = serving(true);
        HttpOrigin origin = at(server).timeouts(NEVER, NEVER, NEVER).build();
        try (Runnel client = Runnel.builder()
                .keySource(new FixedKeys(BLOB, OTHER))
                .source(origin)
                // Less than three stalls.
                .settings(FetchSettings.defaults().withNoProgressTimeout(Duration.ofSeconds(8)))
                .build()) {
            try (Blob blob = client.open(BLOB.id())) {
                assertThat(blob.read(new ByteRange(0, GROUP))).isEqualTo(Arrays.copyOf(BLOB.plaintext(), GROUP));
            }
            server.silenceConnections();
            try (Blob blob = client.open(OTHER.id())) {
                assertThat(blob.read(new ByteRange(0, OTHER.plaintext().length)))
                        .isEqualTo(OTHER.plaintext());
            }
        }
    }

    @Test
    void fetch_http2ConnectionDiesSilently_attemptsThatTimeOutFindANewOne() {
        RangeServer server = serving(true);
        BlobSource source = attach(at(server)
                .connections(1)
                .timeouts(Duration.ofSeconds(10), Duration.ofMillis(900), NEVER)
                .retry(10, Duration.ofMillis(1), Duration.ofMillis(20), Duration.ZERO)
                .build());
        assertThat(fetch(source, FIRST).end()).isEmpty();
        server.silenceConnections();
        assertThat(fetch(source, FIRST).end()).isEmpty();
        assertThat(server.connections()).isEqualTo(2);
    }

    /** Nothing but the answer to the question whether the connection is there passes on it for three seconds. */
    @Test
    void cancel_http2ConnectionIsAliveAndQuiet_leavesItToTheOtherRequests() {
        RangeServer server = serving(true);
        server.putLate(path(BLOB), BLOB.bytes(), Duration.ofSeconds(3));
        server.putLate(path(OTHER), OTHER.bytes(), NEVER);
        HttpOrigin origin = at(server).timeouts(NEVER, NEVER, NEVER).build();
        RecordingReceiver late = fetch(attach(origin), new GroupRange(0, 10));
        // Two that begin together would open a connection each.
        await().until(() -> server.requests() == 1);
        RecordingReceiver unanswered = new RecordingReceiver(0);
        Transfer given = attach(origin, OTHER).fetch(new GroupRange(0, 10), unanswered);
        await().until(() -> server.requests() == 2);
        given.cancel();
        assertThat(unanswered.failure()).isEqualTo(Reason.CLOSED);
        assertThat(late.end()).isEmpty();
        assertThat(late.bytes()).isEqualTo(Arrays.copyOf(BLOB.bytes(), 10 * GROUP));
        assertThat(server.connections()).isEqualTo(1);
    }

    private RangeServer serving(boolean http2) {
        RangeServer server = new RangeServer(http2);
        open.add(server);
        for (TestBlob blob : new TestBlob[] {BLOB, OTHER}) {
            server.put(path(blob), blob.bytes());
            server.put(path(blob) + ".obao4", blob.outboard());
        }
        return server;
    }

    private static HttpOrigin.Builder at(RangeServer server) {
        return HttpOrigin.at(server.uri(), "blobs").tls(trusting());
    }

    private static String path(TestBlob blob) {
        return "/blobs/" + blob.id();
    }
}
