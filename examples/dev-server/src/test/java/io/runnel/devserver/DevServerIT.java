package io.runnel.devserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runnel.devserver.state.FolderLock;
import io.runnel.devserver.state.StateFolder;
import io.runnel.devserver.tls.DevCertificates;
import io.runnel.file.SoleLock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DevServerIT {
    @TempDir
    Path dir;

    @Test
    void restart_samePort_keepsBlobsAuthorityAndTokens() throws Exception {
        Path state = dir.resolve("state");
        CatalogRecord record = TestFolders.ingest(state, TestFolders.file(dir, 100_000));
        int port;
        String token;
        HttpClient client;
        try (DevServer first = DevServer.builder(state).build().start()) {
            port = first.port();
            token = first.clientToken();
            HttpClient once = TestFolders.client(first.caCertificate(), HttpClient.Version.HTTP_2);
            assertThat(get(once, first, record)).hasSize(100_040);
            // Trusts the first one, and has no connection to it that may not be known to be dead when it is used again.
            client = TestFolders.client(first.caCertificate(), HttpClient.Version.HTTP_2);
        }
        try (DevServer second = DevServer.builder(state).port(port).build().start()) {
            HttpClient fresh = TestFolders.client(second.caCertificate(), HttpClient.Version.HTTP_1_1);
            assertThat(get(client, second, record)).isEqualTo(get(fresh, second, record));
            assertThat(second.port()).isEqualTo(port);
            assertThat(second.clientToken()).isEqualTo(token);
            assertThat(Catalog.list(state).records()).containsExactly(record);
        }
    }

    @Test
    void start_secondServerOnTheFolder_isRefused() throws Exception {
        Path state = dir.resolve("state");
        try (DevServer first = DevServer.builder(state).build().start()) {
            assertThatThrownBy(() -> DevServer.builder(state).build().start())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another server");
            assertThat(ServerInfo.read(state).port()).isEqualTo(first.port());
        }
    }

    @Test
    void start_folderLockedByAnother_drawsNoSecretsOfItsOwn() throws Exception {
        Path state = dir.resolve("state");
        try (SoleLock other = FolderLock.take(StateFolder.open(state))) {
            assertThatThrownBy(() -> DevServer.builder(state).build().start())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another server");
        }
        try (Stream<Path> files = Files.list(state)) {
            assertThat(files.filter(Files::isRegularFile)).containsExactly(state.resolve("server.lock"));
        }
    }

    @Test
    void start_portTaken_saysSoAndLetsGoOfTheFolder() throws Exception {
        try (DevServer first = DevServer.builder(dir.resolve("a")).build().start()) {
            Path state = dir.resolve("b");
            assertThatThrownBy(() ->
                            DevServer.builder(state).port(first.port()).build().start())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("port " + first.port());
            try (DevServer second = DevServer.builder(state).build().start()) {
                assertThat(second.port()).isPositive();
            }
        }
    }

    @Test
    void serverInfo_whileRunning_saysHowToReachIt_andNoSecretInItsText() throws Exception {
        Path state = dir.resolve("state");
        try (DevServer server = DevServer.builder(state).build().start()) {
            ServerInfo info = ServerInfo.read(state);
            assertThat(info.baseUri()).isEqualTo(server.baseUri());
            assertThat(info.baseUri()).hasScheme("https").hasHost("localhost").hasPort(info.port());
            assertThat(info.clientToken()).isEqualTo(server.clientToken());
            assertThat(info.toString()).doesNotContain(info.clientToken()).doesNotContain(info.adminToken());
            assertThat(Files.getPosixFilePermissions(state.resolve("server.json")))
                    .hasSize(2);
        }
        assertThatThrownBy(() -> ServerInfo.read(state))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no server runs");
    }

    @Test
    void tls_certificate_isGoodForLoopbackNamesOnly() throws Exception {
        try (DevServer server = DevServer.builder(dir.resolve("state")).build().start()) {
            HttpClient client = TestFolders.client(server.caCertificate(), HttpClient.Version.HTTP_1_1);
            URI byAddress = URI.create("https://127.0.0.1:" + server.port() + "/");
            assertThat(TestFolders.send(client, "GET", byAddress).statusCode()).isEqualTo(404);

            Path stranger = dir.resolve("other");
            DevCertificates.issue(StateFolder.open(stranger), "localhost");
            HttpClient distrusting = TestFolders.client(stranger.resolve("ca.pem"), HttpClient.Version.HTTP_1_1);
            assertThatThrownBy(() -> TestFolders.send(distrusting, "GET", server.baseUri()))
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void adminRevoke_withoutTheToken_isRefused() throws Exception {
        Path state = dir.resolve("state");
        try (DevServer server = DevServer.builder(state).build().start()) {
            HttpClient client = TestFolders.client(server.caCertificate(), HttpClient.Version.HTTP_1_1);
            URI uri = server.baseUri().resolve("/admin/revoke");

            assertThat(TestFolders.send(client, "POST", uri).statusCode()).isEqualTo(401);
            assertThat(TestFolders.send(client, "POST", uri, "Authorization", "Bearer " + server.clientToken())
                            .statusCode())
                    .isEqualTo(401);
            assertThat(TestFolders.send(client, "GET", uri).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void revoke_nameThatIsNoName_isRefused() {
        for (String name : new String[] {"", "a/b", "..\\x", "x".repeat(129)}) {
            assertThatThrownBy(() -> AdminClient.revoke(dir, name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void close_afterUse_leavesNoThreadOfTheServer() throws Exception {
        Path state = dir.resolve("state");
        CatalogRecord record = TestFolders.ingest(state, TestFolders.file(dir, 1000));
        Set<Long> before = threads();
        DevServer server = DevServer.builder(state).build().start();
        HttpClient client = TestFolders.client(server.caCertificate(), HttpClient.Version.HTTP_2);
        get(client, server, record);
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("runnel-server-"))
                .isNotEmpty()
                .allMatch(Thread::isDaemon);
        long start = System.nanoTime();
        server.close();
        server.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread.getId()))
                .filteredOn(thread -> thread.getName().startsWith("runnel-") && thread.isAlive())
                .isEmpty());
    }

    @ParameterizedTest
    @EnumSource(ServerPart.class)
    void without_aPart_answers503ThereAndServesTheRest(ServerPart part) throws Exception {
        Path state = dir.resolve("state");
        CatalogRecord record = TestFolders.ingest(state, TestFolders.file(dir, 1000));
        Map<ServerPart, String> paths = Map.of(
                ServerPart.ORIGIN, "/" + record.bucket() + "/" + record.key(),
                ServerPart.KEYS, "/cdn/keys/v1",
                ServerPart.TRACKER, "/cdn/swarm/v1");
        try (DevServer server = DevServer.builder(state).without(part).build().start()) {
            HttpClient client = TestFolders.client(server.caCertificate(), HttpClient.Version.HTTP_1_1);
            for (Map.Entry<ServerPart, String> each : paths.entrySet()) {
                URI uri = server.baseUri().resolve(each.getValue());
                int whenServed = each.getKey() == ServerPart.ORIGIN ? 200 : 426;
                assertThat(TestFolders.send(client, "GET", uri).statusCode())
                        .as("%s", each.getKey())
                        .isEqualTo(each.getKey() == part ? 503 : whenServed);
            }
        }
    }

    @Test
    void builder_outOfRange_isRefused() {
        DevServer.Builder builder = DevServer.builder(dir);
        assertThatThrownBy(() -> builder.port(70_000)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.epochLength(Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.epochLength(Duration.ofSeconds(5))
                        .grace(Duration.ofSeconds(6))
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Set<Long> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getId).collect(Collectors.toSet());
    }

    private static byte[] get(HttpClient client, DevServer server, CatalogRecord record) throws Exception {
        URI uri = server.baseUri().resolve("/" + record.bucket() + "/" + record.key());
        return TestFolders.send(client, "GET", uri).body();
    }
}
