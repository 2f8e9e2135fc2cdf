package io.runnel.devserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchSettings;
import io.runnel.http.HttpOrigin;
import io.runnel.http.KeysChannel;
import io.runnel.http.TlsSettings;
import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeyException;
import io.runnel.keys.SwarmTicket;
import io.runnel.sharing.SharingMode;
import io.runnel.source.SourceInfo;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SDK against the server: keys channel and origin as an app uses them, no peers. */
class ViewerIT {
    private static final Duration EPOCH = Duration.ofMillis(700);

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
    void open_filesOfEverySize_giveTheSamePlaintext() throws Exception {
        try (Runnel runnel = viewer(keys("alice").build())) {
            for (int size : new int[] {0, 1, 16_344, 16_345, 16_384, 16_385, 3_000_000}) {
                Path file = TestFolders.file(dir, size);
                CatalogRecord record = TestFolders.ingest(state, file);
                try (Blob blob = runnel.open(record.blobId())) {
                    assertThat(blob.size()).isEqualTo(size);
                    assertThat(blob.inputStream().readAllBytes()).isEqualTo(Files.readAllBytes(file));
                }
            }
        }
    }

    @Test
    void grant_acrossManyEpochs_alwaysOpens() throws Exception {
        CatalogRecord record = TestFolders.ingest(state, TestFolders.file(dir, 10));
        try (KeysChannel keys = keys("alice").build()) {
            // 40 a second: under the server's rate of messages.
            await().pollInterval(Duration.ofMillis(25))
                    .during(EPOCH.multipliedBy(5))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> grantedSize(keys, record) == 50);
        }
    }

    @Test
    void read_epochsRotateMidway_goesOn() throws Exception {
        Path file = TestFolders.file(dir, 6_000_000);
        CatalogRecord record = TestFolders.ingest(state, file);
        CatalogRecord other = TestFolders.ingest(state, TestFolders.file(dir, 10));
        FetchSettings settings = FetchSettings.defaults().withLookAheadBytes(1 << 20);
        try (Runnel runnel = viewer(keys("alice").build(), settings);
                Blob blob = runnel.open(record.blobId());
                InputStream in = blob.inputStream()) {
            byte[] head = in.readNBytes(500_000);
            await().pollInterval(Duration.ofMillis(100))
                    .during(EPOCH.multipliedBy(3))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> openedSize(runnel, other) == 10);
            assertThat(blob.stats().bytesFrom(SourceInfo.Kind.ORIGIN)).isLessThan(4_000_000);
            byte[] rest = in.readAllBytes();
            byte[] all = Arrays.copyOf(head, head.length + rest.length);
            System.arraycopy(rest, 0, all, head.length, rest.length);
            assertThat(all).isEqualTo(Files.readAllBytes(file));
        }
    }

    private static long openedSize(Runnel runnel, CatalogRecord record) throws Exception {
        try (Blob blob = runnel.open(record.blobId())) {
            return blob.size();
        }
    }

    @Test
    void ticket_withPeerKey_isForTheBlobsSwarm() throws Exception {
        CatalogRecord record = TestFolders.ingest(state, TestFolders.file(dir, 10));
        try (SigningIdentity peer = SigningIdentity.generate();
                KeysChannel keys = keys("alice").peerKey(peer.publicKey()).build()) {
            SwarmTicket ticket = keys.ticket(record.blobId()).get(10, TimeUnit.SECONDS);
            ByteBuffer credential = ticket.credential().duplicate();
            byte[] encoded = new byte[credential.remaining()];
            credential.get(encoded);

            assertThat(PeerCredential.verify(encoded, ticket.issuer(), System.currentTimeMillis())
                            .peerKey())
                    .isEqualTo(peer.publicKey());
        }
    }

    @Test
    void revoke_activeViewer_failsItsNextOpen_andARestartedOne() throws Exception {
        CatalogRecord record = TestFolders.ingest(state, TestFolders.file(dir, 1000));
        CountDownLatch heard = new CountDownLatch(1);
        KeysChannel keys = keys("alice").build();
        keys.onRevoked(heard::countDown);
        try (Runnel runnel = viewer(keys)) {
            runnel.open(record.blobId()).close();
            AdminClient.revoke(state, "alice");

            assertThat(heard.await(10, TimeUnit.SECONDS)).isTrue();
            assertRevoked(runnel, record);
        }
        try (Runnel again = viewer(keys("alice").build())) {
            assertRevoked(again, record);
        }
        try (Runnel other = viewer(keys("bob").build())) {
            other.open(record.blobId()).close();
        }
    }

    @Test
    void mode_set_reachesRunningClientsWithinASecondAndLaterOnesAfterARestart() throws Exception {
        List<SharingMode> early = new CopyOnWriteArrayList<>();
        try (KeysChannel keys = keys("alice").build()) {
            keys.onMode(early::add);
            keys.grant(TestFolders.ingest(state, TestFolders.file(dir, 10)).blobId())
                    .get(10, TimeUnit.SECONDS)
                    .close();
            for (SharingMode mode : List.of(SharingMode.OFF, SharingMode.ON, SharingMode.SHADOW)) {
                AdminClient.mode(state, mode);
                await().atMost(Duration.ofSeconds(1)).until(() -> early.contains(mode));
            }
            assertThat(early).containsExactly(SharingMode.OFF, SharingMode.ON, SharingMode.SHADOW);
        }
        server.close();
        AdminClient.mode(state, SharingMode.OFF);
        server = DevServer.builder(state).epochLength(EPOCH).build().start();
        List<SharingMode> late = new CopyOnWriteArrayList<>();
        try (KeysChannel keys = keys("bob").build()) {
            keys.onMode(late::add);
            await().until(() -> late.equals(List.of(SharingMode.OFF)));
        }
    }

    @Test
    void restart_server_channelComesBackAndOpensUnderTheNewEpochs() throws Exception {
        CatalogRecord record = TestFolders.ingest(state, TestFolders.file(dir, 1000));
        try (KeysChannel keys = keys("alice")
                .timeouts(Duration.ofSeconds(20), Duration.ofSeconds(20))
                .build()) {
            keys.grant(record.blobId()).get(10, TimeUnit.SECONDS).close();
            int port = server.port();
            server.close();
            server = DevServer.builder(state)
                    .port(port)
                    .epochLength(EPOCH)
                    .build()
                    .start();

            keys.grant(record.blobId()).get(30, TimeUnit.SECONDS).close();
        }
    }

    @Test
    void grant_wrongToken_isDenied() throws Exception {
        CatalogRecord record = TestFolders.ingest(state, TestFolders.file(dir, 10));
        try (KeysChannel keys = KeysChannel.builder(server.baseUri(), "alice", () -> "guess")
                .tls(tls())
                .build()) {
            assertThatThrownBy(() -> keys.grant(record.blobId()).get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            KeyException.class,
                            failure -> assertThat(failure.reason()).isEqualTo(KeyException.Reason.DENIED));
        }
    }

    private static long grantedSize(KeysChannel keys, CatalogRecord record) throws Exception {
        try (BlobGrant grant = keys.grant(record.blobId()).get(10, TimeUnit.SECONDS)) {
            return grant.sizeBytes();
        }
    }

    private static void assertRevoked(Runnel runnel, CatalogRecord record) {
        assertThatThrownBy(() -> runnel.open(record.blobId()))
                .isInstanceOfSatisfying(
                        FetchException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(FetchException.Reason.KEY_REVOKED));
    }

    private KeysChannel.Builder keys(String client) throws Exception {
        String token = server.clientToken();
        return KeysChannel.builder(server.baseUri(), client, () -> token).tls(tls());
    }

    private Runnel viewer(KeysChannel keys) throws Exception {
        return viewer(keys, FetchSettings.defaults());
    }

    private Runnel viewer(KeysChannel keys, FetchSettings settings) throws Exception {
        return Runnel.builder()
                .settings(settings)
                .keySource(keys)
                .source(HttpOrigin.at(server.baseUri(), Ingest.BUCKET)
                        .tls(tls())
                        .build())
                .build();
    }

    private TlsSettings tls() throws Exception {
        return TlsSettings.builder().trustPem(server.caCertificate()).build();
    }
}
