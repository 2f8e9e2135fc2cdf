package io.runnel.http;

import io.runnel.http.testing.OriginExchange;
import io.runnel.http.testing.OriginTestServer;
import io.runnel.http.testing.RecordingReceiver;
import io.runnel.http.testing.TestPki;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import io.runnel.source.TestBlob;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A blob on a scripted origin, and the ways to fetch it. */
@Timeout(30)
abstract class OriginFixture {
    static final int GROUP = 1 << 14;
    /** Three ranges and a bit, and a last group that is short. */
    static final TestBlob BLOB = TestBlob.random(1, (3 << 20) + 5 * GROUP + 77);

    static final GroupRange ALL = new GroupRange(0, 192 + 6);

    final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    OriginTestServer serve(OriginTestServer.Behaviour behaviour) {
        OriginTestServer server = new OriginTestServer(behaviour);
        open.add(server);
        return server;
    }

    BlobSource source(OriginTestServer server) {
        return attach(origin(server).build());
    }

    static HttpOrigin.Builder origin(OriginTestServer server) {
        return HttpOrigin.at(server.uri().resolve("/base/"), "bucket")
                .tls(trusting())
                .retry(3, Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofSeconds(2));
    }

    /** Bytes that attached sources told of as of no use. */
    final AtomicLong late = new AtomicLong();

    BlobSource attach(HttpOrigin origin) {
        return attach(origin, BLOB);
    }

    BlobSource attach(HttpOrigin origin, TestBlob blob) {
        open.add(0, origin);
        CompletableFuture<BlobSource> joined = new CompletableFuture<>();
        origin.attach(blob.shared(), listener(joined, late));
        return joined.join();
    }

    static SourceProvider.Listener listener(CompletableFuture<BlobSource> joined, AtomicLong late) {
        return new SourceProvider.Listener() {
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

            @Override
            public void late(long bytes) {
                late.addAndGet(bytes);
            }
        };
    }

    static byte[] file(OriginExchange exchange) {
        return exchange.path().endsWith(".obao4") ? BLOB.outboard() : BLOB.bytes();
    }

    static RecordingReceiver fetch(BlobSource source, GroupRange groups) {
        RecordingReceiver receiver = new RecordingReceiver(groups.first());
        source.fetch(groups, receiver);
        return receiver;
    }

    static HeaderSupplier token() {
        AtomicInteger asked = new AtomicInteger();
        return uri -> Map.of("Authorization", "Bearer t" + asked.incrementAndGet());
    }

    static Map<String, String> length(OriginExchange exchange) {
        return Map.of("content-length", "" + (Math.min(BLOB.bytes().length, exchange.to()) - exchange.from()));
    }

    static Map<String, String> chunked() {
        return Map.of("transfer-encoding", "chunked");
    }

    static TlsSettings trusting() {
        return TlsSettings.builder().trust(TestPki.shared().authority()).build();
    }
}
