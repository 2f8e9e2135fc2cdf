package io.runnel.devserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.channel.ChannelConnector;
import io.runnel.channel.TextChannel;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.fetch.FetchListener;
import io.runnel.http.HttpOrigin;
import io.runnel.http.KeysChannel;
import io.runnel.http.TlsSettings;
import io.runnel.http.TlsWebSocketConnector;
import io.runnel.p2p.WebRtcSwarm;
import io.runnel.sharing.SharingControl;
import io.runnel.sharing.UploadPolicy;
import io.runnel.source.SourceInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The SDK against the server, with real peers. */
@Timeout(90)
class PeersIT {
    private static final Duration EPOCH = Duration.ofMillis(700);
    private static final int SIZE = 8_000_000;
    /** So slow that several epochs pass meanwhile. */
    private static final long UPLOAD_BYTES_PER_SECOND = 2_000_000;

    @TempDir
    Path dir;

    private Path state;
    private DevServer server;

    @BeforeEach
    void start() throws Exception {
        state = dir.resolve("state");
        server = DevServer.builder(state).epochLength(EPOCH).build().start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void download_epochsRotateMidway_goesOnOverTheSameConnections() throws Exception {
        Path file = TestFolders.file(dir, SIZE);
        BlobId id = TestFolders.ingest(state, file).blobId();
        Path output = dir.resolve("out");
        try (Client seeder = new Client("seeder", true);
                Blob seeded = seeder.runnel.open(id);
                Client viewer = new Client("viewer", false)) {
            seeded.seeding(true);
            seeded.prefetch().get(30, TimeUnit.SECONDS);
            long started = System.nanoTime();
            try (Blob blob = viewer.runnel.open(id)) {
                blob.downloadTo(output);
                assertThat(System.nanoTime() - started)
                        .isGreaterThan(EPOCH.multipliedBy(3).toNanos());
                assertThat(blob.stats().offload()).isEqualTo(1);
            }
            assertThat(output).hasSameBinaryContentAs(file);
            assertThat(viewer.connected).containsExactlyInAnyOrder("/cdn/keys/v1", "/cdn/swarm/v1");
            assertThat(viewer.met).hasSize(1);
        }
    }

    /** A viewer's app; what it connects to and whom it meets is written down. */
    private final class Client implements AutoCloseable {
        final List<String> connected = new CopyOnWriteArrayList<>();
        final List<SourceInfo> met = new CopyOnWriteArrayList<>();
        final Runnel runnel;
        private final TlsWebSocketConnector connector;
        private final SigningIdentity identity = SigningIdentity.generate();

        Client(String name, boolean seeds) throws IOException {
            TlsSettings tls =
                    TlsSettings.builder().trustPem(server.caCertificate()).build();
            connector = new TlsWebSocketConnector(tls);
            String token = server.clientToken();
            KeysChannel keys = KeysChannel.builder(server.baseUri(), name, () -> token)
                    .connector(this::connect)
                    .peerKey(identity.publicKey())
                    .build();
            Runnel.Builder builder =
                    Runnel.builder().keySource(keys).source(swarm(keys, seeds)).listener(listener());
            if (seeds) {
                builder.source(
                        HttpOrigin.at(server.baseUri(), Ingest.BUCKET).tls(tls).build());
            }
            runnel = builder.build();
        }

        private WebRtcSwarm swarm(KeysChannel keys, boolean seeds) {
            UploadPolicy policy = UploadPolicy.builder()
                    .consented(seeds)
                    .bytesPerSecond(UPLOAD_BYTES_PER_SECOND)
                    .build();
            return WebRtcSwarm.builder()
                    .tracker(server.baseUri())
                    .connector(this::connect)
                    .identity(identity)
                    .admission(keys)
                    .sharing(SharingControl.builder().policy(policy).build())
                    .build();
        }

        private CompletableFuture<TextChannel> connect(
                URI uri, String subprotocol, ChannelConnector.Listener listener) {
            connected.add(uri.getPath());
            return connector.connect(uri, subprotocol, listener);
        }

        private FetchListener listener() {
            return new FetchListener() {
                @Override
                public void sourceJoined(BlobId blob, SourceInfo source) {
                    met.add(source);
                }
            };
        }

        @Override
        public void close() {
            runnel.close();
            connector.close();
            identity.close();
        }
    }
}
