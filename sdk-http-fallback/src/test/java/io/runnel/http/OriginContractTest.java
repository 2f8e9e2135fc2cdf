package io.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.http.testing.RangeServer;
import io.runnel.http.testing.RecordingReceiver;
import io.runnel.http.testing.TestPki;
import io.runnel.source.BlobSource;
import io.runnel.source.BlobSourceContract;
import io.runnel.source.GroupRange;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import io.runnel.source.TestBlob;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The origin keeps the contract of sources over both versions of HTTP. */
final class OriginContractTest {
    @Nested
    @Timeout(60)
    class OverHttp1 extends Origin {
        OverHttp1() {
            super(new RangeServer(false), "HTTP/1.1");
        }
    }

    @Nested
    @Timeout(60)
    class OverHttp2 extends Origin {
        OverHttp2() {
            super(new RangeServer(true), "HTTP/2.0");
        }
    }

    @Nested
    @Timeout(60)
    class OverHttp2WhoseConnectionsEnd extends Origin {
        OverHttp2WhoseConnectionsEnd() {
            super(new RangeServer(true, 3), "HTTP/2.0");
        }
    }

    abstract static class Origin extends BlobSourceContract {
        private final RangeServer server;
        private final String version;
        private final HttpOrigin origin;
        private SharedBlob.Subscription subscription = () -> {};

        Origin(RangeServer server, String version) {
            this.server = server;
            this.version = version;
            this.origin = HttpOrigin.at(server.uri(), "films")
                    .tls(TlsSettings.builder()
                            .trust(TestPki.shared().authority())
                            .build())
                    .retry(8, Duration.ofMillis(5), Duration.ofMillis(100), Duration.ofSeconds(1))
                    .build();
        }

        @Override
        protected BlobSource open(TestBlob blob) {
            server.put("/films/" + blob.id(), blob.bytes());
            server.put("/films/" + blob.id() + ".obao4", blob.outboard());
            CompletableFuture<BlobSource> joined = new CompletableFuture<>();
            subscription = origin.attach(blob.shared(), new SourceProvider.Listener() {
                @Override
                public void joined(BlobSource source) {
                    joined.complete(source);
                }

                @Override
                public void availabilityChanged(BlobSource source) {}

                @Override
                public void left(BlobSource source) {}

                @Override
                public void misbehaved(SourceInfo source, String what) {}
            });
            return joined.join();
        }

        @Override
        protected void detach() {
            subscription.close();
        }

        @AfterEach
        void close() {
            origin.close();
            server.close();
        }

        @Test
        void fetch_server_isSpokenToInTheVersionItOffers() {
            TestBlob blob = TestBlob.random(9, 100_000);
            RecordingReceiver receiver = new RecordingReceiver(0);
            open(blob).fetch(new GroupRange(0, blob.groups()), receiver);
            Optional<SourceException> failure = receiver.end();
            assertThat(failure).isEmpty();
            assertThat(server.versions()).containsExactly(version);
        }
    }
}
