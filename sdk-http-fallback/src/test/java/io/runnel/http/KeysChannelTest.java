package io.runnel.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.SwarmIds;
import io.runnel.http.keys.message.KeysProtocol;
import io.runnel.http.testing.ScriptedAppServer;
import io.runnel.http.testing.TestPki;
import io.runnel.http.testing.WebSocketTestServer;
import io.runnel.http.testing.WebSocketTestServer.Connection;
import io.runnel.http.testing.WebSocketTestServer.Script;
import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeyException;
import io.runnel.keys.KeyException.Reason;
import io.runnel.keys.SwarmTicket;
import io.runnel.relay.TcpRelay;
import io.runnel.sharing.SharingMode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys channel against a scripted app server over TLS on loopback. */
@Timeout(30)
final class KeysChannelTest {
    private static final BlobId BLOB = GoodServer.BLOB;
    private static final VerifyingKey PEER = VerifyingKey.of(new byte[32]);

    private final ScriptedAppServer app = new ScriptedAppServer("alice");
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void grant_goodServer_givesKeyAndSize() throws Exception {
        KeysChannel keys = channel(serve(new GoodServer(app)));
        try (BlobGrant grant = keys.grant(BLOB).get(10, SECONDS)) {
            assertThat(grant.key()).isEqualTo(app.blobKey());
            assertThat(grant.sizeBytes()).isEqualTo(ScriptedAppServer.BLOB_BYTES);
        }
    }

    @Test
    void ticket_goodServer_namesTheSwarmByTheCollectionsSecret() throws Exception {
        SwarmTicket ticket = channel(serve(new GoodServer(app))).ticket(BLOB).get(10, SECONDS);
        assertThat(ticket.swarm()).isEqualTo(SwarmIds.of(SecretBytes.adopt(new byte[32]), BLOB));
        assertThat(ticket.issuer()).isEqualTo(VerifyingKey.of(new byte[32]));
    }

    @Test
    void grant_connectionCutAtEachMessage_isGivenByALaterSession() throws Exception {
        AtomicInteger cuts = new AtomicInteger();
        KeysChannel keys = channel(serve(new GoodServer(app) {
            @Override
            public void opened(Connection connection) {
                if (cuts.compareAndSet(0, 1)) {
                    connection.cut();
                }
            }

            @Override
            void hello(Connection connection) {
                if (cuts.compareAndSet(1, 2)) {
                    connection.cut();
                } else {
                    super.hello(connection);
                }
            }

            @Override
            void play(Connection connection, long request) {
                if (cuts.compareAndSet(2, 3)) {
                    connection.cut();
                } else {
                    super.play(connection, request);
                }
            }
        }));
        keys.grant(BLOB).get(20, SECONDS).close();
        assertThat(cuts).hasValue(3);
    }

    @Test
    void grant_lineCutInTheHandshakeAndInTheMessages_isGivenByALaterSession() throws Exception {
        try (TcpRelay relay = new TcpRelay(serve(new GoodServer(app)).port())) {
            relay.limits(number -> number < 3 ? 100 + number * 1_300L : Long.MAX_VALUE);
            KeysChannel keys = builder(URI.create("wss://localhost:" + relay.port() + "/cdn/keys/v1"))
                    .timeouts(Duration.ofSeconds(20), Duration.ofSeconds(10))
                    .build();
            open.add(0, keys);
            keys.grant(BLOB).get(20, SECONDS).close();
            assertThat(relay.opened()).isGreaterThan(2);
        }
    }

    /** As where the client's address has changed, or a NAT has forgotten the connection. */
    @Test
    void grant_connectionFallsSilent_isGivenOverAnotherInTime() throws Exception {
        try (TcpRelay relay = new TcpRelay(serve(new GoodServer(app)).port())) {
            KeysChannel keys = builder(URI.create("wss://localhost:" + relay.port() + "/cdn/keys/v1"))
                    .build();
            open.add(0, keys);
            keys.grant(BLOB).get(10, SECONDS).close();
            relay.silence();
            keys.grant(BLOB).get(10, SECONDS).close();
            assertThat(relay.opened()).isEqualTo(2);
        }
    }

    @Test
    void grant_serverIsSlowAndAnswersPings_isGivenOverTheSameConnection() throws Exception {
        AtomicLong slow = new AtomicLong();
        AtomicInteger pings = new AtomicInteger();
        AtomicInteger hellos = new AtomicInteger();
        KeysChannel keys = channel(serve(new GoodServer(app) {
            @Override
            void hello(Connection connection) {
                hellos.incrementAndGet();
                super.hello(connection);
            }

            @Override
            void play(Connection connection, long request) {
                slow.set(request);
            }

            @Override
            void ping(Connection connection) {
                super.ping(connection);
                if (pings.incrementAndGet() == 3) {
                    super.play(connection, slow.get());
                }
            }
        }));
        keys.grant(BLOB).get(10, SECONDS).close();
        assertThat(hellos).hasValue(1);
    }

    @Test
    void grant_serverComesBack_reconnects() throws Exception {
        WebSocketTestServer server = serve(new GoodServer(app));
        KeysChannel keys = channel(server);
        keys.grant(BLOB).get(10, SECONDS).close();
        int port = server.port();
        server.close();
        CompletableFuture<BlobGrant> asked = keys.grant(BLOB);
        WebSocketTestServer next = new WebSocketTestServer(
                port, WebSocketTestServer.usualTls(), KeysProtocol.SUBPROTOCOL, new GoodServer(app));
        open.add(next);
        asked.get(15, SECONDS).close();
    }

    @Test
    void onMode_earlyAndLateListeners_hearTheLastModeAndEachChange() throws Exception {
        List<Connection> connections = new CopyOnWriteArrayList<>();
        KeysChannel keys = channel(serve(new GoodServer(app) {
            @Override
            void hello(Connection connection) {
                super.hello(connection);
                connection.text(app.mode(SharingMode.OFF));
                connections.add(connection);
            }
        }));
        List<SharingMode> early = new CopyOnWriteArrayList<>();
        keys.onMode(mode -> {
            throw new IllegalStateException("another listener's fault");
        });
        keys.onMode(early::add);
        await().until(() -> early.equals(List.of(SharingMode.OFF)));
        List<SharingMode> late = new CopyOnWriteArrayList<>();
        keys.onMode(late::add);
        await().until(() -> late.equals(List.of(SharingMode.OFF)));
        connections.get(0).text(app.mode(SharingMode.ON));
        await().until(() -> late.equals(List.of(SharingMode.OFF, SharingMode.ON)) && early.equals(late));
    }

    @Test
    void revoked_byMessageAndClose_runsTheActionsOnceAndFailsLaterGrants() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        List<Connection> connections = new CopyOnWriteArrayList<>();
        KeysChannel keys = channel(serve(new GoodServer(app) {
            @Override
            public void opened(Connection connection) {
                connections.add(connection);
            }

            @Override
            void play(Connection connection, long request) {
                connection.text(app.revoked());
                connection.close(KeysProtocol.CLOSE_REVOKED);
            }
        }));
        keys.onRevoked(() -> {
            runs.incrementAndGet();
            throw new AssertionError("an app's bug");
        });
        keys.onRevoked(runs::incrementAndGet);
        assertRefused(keys.grant(BLOB), Reason.REVOKED);
        assertRefused(keys.grant(BLOB), Reason.REVOKED);
        assertRefused(keys.ticket(BLOB), Reason.REVOKED);
        await().until(() -> runs.get() == 2);
        keys.onRevoked(runs::incrementAndGet);
        await().until(() -> runs.get() == 3);
        assertThat(connections).hasSize(1);
    }

    @Test
    void closed_unauthenticated_isFinal() {
        AtomicInteger runs = new AtomicInteger();
        KeysChannel keys = channel(serve(new GoodServer(app) {
            @Override
            void hello(Connection connection) {
                connection.close(KeysProtocol.CLOSE_UNAUTHENTICATED);
            }
        }));
        keys.onRevoked(runs::incrementAndGet);
        assertRefused(keys.grant(BLOB), Reason.DENIED);
        await().until(() -> runs.get() == 1);
    }

    @Test
    void grant_noServer_isUnavailableInTime() {
        WebSocketTestServer server = serve(new GoodServer(app));
        URI uri = server.uri("/cdn/keys/v1");
        server.close();
        KeysChannel keys = builder(uri)
                .timeouts(Duration.ofMillis(300), Duration.ofSeconds(10))
                .build();
        open.add(0, keys);
        assertRefused(keys.grant(BLOB), Reason.UNAVAILABLE);
    }

    @Test
    void grantAndTicket_asManyAsMayWaitAreCancelled_makesRoomForOthers() {
        KeysChannel keys = builder(URI.create("https://localhost"))
                .connector((uri, subprotocol, listener) -> new CompletableFuture<>())
                .build();
        open.add(0, keys);
        CompletableFuture<?> grant = askedAfterAllWereCancelled(() -> keys.grant(BLOB));
        CompletableFuture<?> ticket = askedAfterAllWereCancelled(() -> keys.ticket(BLOB));
        keys.close();
        assertRefused(grant, Reason.CLOSED);
        assertRefused(ticket, Reason.CLOSED);
    }

    private static CompletableFuture<?> askedAfterAllWereCancelled(Supplier<CompletableFuture<?>> ask) {
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (int i = 0; i < 1024; i++) {
            asked.add(ask.get());
        }
        // One more is refused, so those before have been asked.
        assertRefused(ask.get(), Reason.UNAVAILABLE).hasMessageContaining("are being asked for");
        asked.forEach(each -> each.cancel(false));
        return ask.get();
    }

    @Test
    void grant_hostHasNoAddress_isUnavailableInTime() {
        KeysChannel keys = builder(URI.create("https://" + "x".repeat(64) + ".invalid/"))
                .timeouts(Duration.ofMillis(300), Duration.ofSeconds(10))
                .build();
        open.add(0, keys);
        assertRefused(keys.grant(BLOB), Reason.UNAVAILABLE);
    }

    @Test
    void grant_untrustedServer_saysThatItIsTheCertificateAndWhatToDo() {
        KeysChannel keys = builder(serve(new GoodServer(app)).uri("/cdn/keys/v1"))
                .tls(TlsSettings.defaults())
                .timeouts(Duration.ofSeconds(3), Duration.ofSeconds(3))
                .build();
        open.add(0, keys);
        for (CompletableFuture<?> asked : List.of(keys.grant(BLOB), keys.ticket(BLOB))) {
            assertRefused(asked, Reason.UNAVAILABLE)
                    .hasMessageContaining("localhost")
                    .hasMessageContaining("certificate is not trusted")
                    .hasMessageContaining("TLS settings");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"caf\u00e9", "\u4e2d", "half \ud800", "se cret", ""})
    void token_thatCannotBeOne_isDeniedAndNotSentAsAnother(String token) {
        AtomicInteger hellos = new AtomicInteger();
        WebSocketTestServer server = serve(new GoodServer(app) {
            @Override
            void hello(Connection connection) {
                hellos.incrementAndGet();
                super.hello(connection);
            }
        });
        KeysChannel keys = KeysChannel.builder(https(server), "alice", () -> token)
                .tls(trusting())
                .build();
        open.add(0, keys);
        assertRefused(keys.grant(BLOB), Reason.DENIED).hasMessage("token: must be 1 to 8192 visible ASCII characters");
        assertThat(hellos).hasValue(0);
    }

    @Test
    void token_supplierFailsOrGivesNull_isDeniedAtOnceAndAskedAgainInTheNextConnection() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        WebSocketTestServer server = serve(new GoodServer(app));
        KeysChannel keys = KeysChannel.builder(https(server), "alice", () -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new IllegalStateException("secret-token-text");
                    }
                    if (asked.get() == 2) {
                        throw new AssertionError("secret-token-text");
                    }
                    return asked.get() == 3 ? null : "token";
                })
                .tls(trusting())
                .build();
        open.add(0, keys);
        for (String says : List.of("(java.lang.IllegalStateException)", "(java.lang.AssertionError)", "gave null")) {
            assertRefused(keys.grant(BLOB), Reason.DENIED)
                    .hasMessageStartingWith("the app's token supplier ")
                    .hasMessageContaining(says)
                    .hasMessageNotContaining("secret-token-text");
        }
        keys.grant(BLOB).get(10, SECONDS).close();
        assertThat(asked).hasValue(4);
    }

    @Test
    void close_pendingGrants_failAndNoThreadRemains() {
        KeysChannel keys = channel(serve(new GoodServer(app) {
            @Override
            void play(Connection connection, long request) {}
        }));
        CompletableFuture<BlobGrant> pending = keys.grant(BLOB);
        long start = System.nanoTime();
        keys.close();
        keys.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertRefused(pending, Reason.CLOSED);
        assertRefused(keys.grant(BLOB), Reason.CLOSED);
        keys.onRevoked(() -> {});
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("runnel-")));
    }

    @Test
    void close_fromARevocationAction_doesNotHang() {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        KeysChannel keys = channel(serve(new GoodServer(app) {
            @Override
            void hello(Connection connection) {
                connection.close(KeysProtocol.CLOSE_REVOKED);
            }
        }));
        keys.onRevoked(() -> {
            keys.close();
            closed.complete(true);
        });
        assertThat(closed).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void builder_badAddressOrName_isTheCallersMistake() {
        assertThatThrownBy(() -> KeysChannel.builder(URI.create("https://h"), "a b", () -> "t"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("client: \"a b\", must be");
        assertThatThrownBy(() -> KeysChannel.builder(URI.create("http://h"), "alice", () -> "t"))
                .hasMessageStartingWith("server: http://h, must be https://");
    }

    @Test
    void builder_badWaits_areTheCallersMistake() {
        KeysChannel.Builder builder = KeysChannel.builder(URI.create("https://h/"), "alice", () -> "t");
        Duration good = Duration.ofSeconds(1);
        for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(1))) {
            assertThatThrownBy(() -> builder.timeouts(bad, good)).hasMessageContaining("connect: " + bad);
            assertThatThrownBy(() -> builder.timeouts(good, bad)).hasMessageContaining("request: " + bad);
        }
    }

    private WebSocketTestServer serve(Script script) {
        WebSocketTestServer server =
                new WebSocketTestServer(WebSocketTestServer.usualTls(), KeysProtocol.SUBPROTOCOL, script);
        open.add(server);
        return server;
    }

    private KeysChannel channel(WebSocketTestServer server) {
        KeysChannel keys = builder(https(server)).build();
        open.add(0, keys);
        return keys;
    }

    private static KeysChannel.Builder builder(URI uri) {
        return KeysChannel.builder(uri, "alice", () -> "token").peerKey(PEER).tls(trusting());
    }

    private static URI https(WebSocketTestServer server) {
        return URI.create("https://localhost:" + server.port());
    }

    private static TlsSettings trusting() {
        return TlsSettings.builder().trust(TestPki.shared().authority()).build();
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
            CompletableFuture<?> future, Reason reason) {
        return assertThatThrownBy(() -> future.get(10, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        KeyException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(reason));
    }
}
