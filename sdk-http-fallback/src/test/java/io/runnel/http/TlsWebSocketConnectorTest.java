package io.runnel.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslContext;
import io.runnel.channel.TextChannel;
import io.runnel.http.dns.HostLookup;
import io.runnel.http.testing.RecordingListener;
import io.runnel.http.testing.TestPki;
import io.runnel.http.testing.WebSocketTestServer;
import io.runnel.http.testing.WebSocketTestServer.Connection;
import io.runnel.http.testing.WebSocketTestServer.Script;
import io.runnel.http.websocket.WebSocketTimeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
final class TlsWebSocketConnectorTest {
    private static final String PROTOCOL = "runnel.test.v1";
    private static final Script ECHO = new Script() {
        @Override
        public void message(Connection connection, String text) {
            connection.text(text);
        }
    };

    private final RecordingListener listener = new RecordingListener();
    private TlsWebSocketConnector connector = connector(trusting());
    private WebSocketTestServer server = new WebSocketTestServer(WebSocketTestServer.usualTls(), PROTOCOL, ECHO);

    @AfterEach
    void close() {
        connector.close();
        server.close();
    }

    @Test
    void connect_server_carriesTextBothWaysInOrder() throws Exception {
        TextChannel channel = open();
        for (int i = 0; i < 1000; i++) {
            channel.send("message " + i);
        }
        await().until(() -> listener.messages.size() == 1000);
        assertThat(listener.messages.get(999)).isEqualTo("message 999");
        channel.close(1000, "done");
        assertThat(listener.closed.get(30, SECONDS)).isEqualTo(1000);
        await().until(() -> server.connections().isEmpty());
        channel.send("after the end");
        channel.close(1001, "again");
        assertThat(listener.closedCalls).hasValue(1);
    }

    @Test
    void send_longestMessage_arrivesAndALongerIsTheCallersMistake() throws Exception {
        TextChannel channel = open();
        String longest = "é".repeat(TextChannel.MAX_MESSAGE_BYTES / 2);
        channel.send(longest);
        await().until(() -> listener.messages.size() == 1);
        assertThat(listener.messages.get(0)).isEqualTo(longest);
        assertThatThrownBy(() -> channel.send(longest + "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65537");
    }

    @Test
    void message_inFragments_comesWhole() throws Exception {
        scripted(connection -> connection.fragments("abcdefghij".repeat(1000), 777));
        open();
        await().until(() -> !listener.messages.isEmpty());
        assertThat(listener.messages.get(0)).isEqualTo("abcdefghij".repeat(1000));
    }

    @Test
    void message_tooLongInOneFrameOrInFragments_endsTheChannel() throws Exception {
        scripted(connection -> connection.text("x".repeat(TextChannel.MAX_MESSAGE_BYTES + 1)));
        open();
        assertThat(listener.closed.get(30, SECONDS)).isEqualTo(1009);
        RecordingListener second = new RecordingListener();
        scripted(connection -> connection.fragments("x".repeat(TextChannel.MAX_MESSAGE_BYTES + 1), 5000));
        connector.connect(server.uri("/a"), PROTOCOL, second).get(5, SECONDS);
        assertThat(second.closed.get(30, SECONDS)).isEqualTo(1009);
        assertThat(second.messages).isEmpty();
    }

    @Test
    void message_binaryFrame_endsTheChannel() throws Exception {
        scripted(connection -> connection.frame(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[3]))));
        open();
        assertThat(listener.closed.get(30, SECONDS)).isEqualTo(1003);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 4400, 4401, 4403, 4408, 4409, 4429})
    void closed_byTheServer_tellsItsCodeOnce(int code) throws Exception {
        scripted(connection -> connection.close(code));
        open();
        assertThat(listener.closed.get(30, SECONDS)).isEqualTo(code);
        await().until(() -> server.connections().isEmpty());
        assertThat(listener.closedCalls).hasValue(1);
    }

    @Test
    void closed_connectionCut_tells1006() throws Exception {
        scripted(Connection::cut);
        open();
        assertThat(listener.closed.get(30, SECONDS)).isEqualTo(1006);
    }

    @Test
    void closed_serverFallsSilent_tells1006() throws Exception {
        connector.close();
        connector = new TlsWebSocketConnector(
                trusting(),
                new WebSocketTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(100)));
        scripted(Connection::stopReading);
        open();
        assertThat(listener.closed.get(30, SECONDS)).isEqualTo(1006);
    }

    @Test
    void send_serverDoesNotRead_givesUpInsteadOfQueueing() throws Exception {
        scripted(Connection::stopReading);
        TextChannel channel = open();
        String big = "x".repeat(60_000);
        await().until(() -> {
            for (int i = 0; i < 100; i++) {
                channel.send(big);
            }
            return listener.closed.isDone();
        });
        assertThat(listener.closed.get(30, SECONDS)).isEqualTo(1006);
    }

    @Test
    void ping_withoutEndByAServerThatDoesNotRead_givesUpInsteadOfQueueingPongs() throws Exception {
        scripted(connection -> {
            connection.stopReading();
            connection.pingWithoutEnd();
        });
        open();
        assertThat(listener.closed.get(15, SECONDS)).isEqualTo(1006);
    }

    @Test
    void ping_byAServerThatReads_isAnsweredWithWhatItCarries() throws Exception {
        CompletableFuture<String> pong = new CompletableFuture<>();
        server.close();
        server = new WebSocketTestServer(WebSocketTestServer.usualTls(), PROTOCOL, new Script() {
            @Override
            public void opened(Connection connection) {
                connection.frame(new PingWebSocketFrame(Unpooled.copiedBuffer("are you there", UTF_8)));
            }

            @Override
            public void frame(Connection connection, WebSocketFrame frame) {
                if (frame instanceof PongWebSocketFrame) {
                    pong.complete(frame.content().toString(UTF_8));
                }
            }
        });
        open();
        assertThat(pong.get(15, SECONDS)).isEqualTo("are you there");
    }

    @Test
    void connect_anythingButWss_isTheCallersMistake() {
        for (String uri : List.of("ws://localhost/", "https://localhost/", "wss:/x", "wss://u:p@localhost/")) {
            assertThatThrownBy(() -> connector.connect(URI.create(uri), PROTOCOL, listener))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65536, 99999})
    void connect_portThatIsNone_isTheCallersMistake(int port) {
        assertThatThrownBy(() -> connector.connect(URI.create("wss://localhost:" + port + "/"), PROTOCOL, listener))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("uri: port " + port + ", must be 1 to 65535");
    }

    @Test
    void connect_lookupThatBreaksItsWord_failsAndIsNotDropped() {
        connector.close();
        connector = new TlsWebSocketConnector(
                trusting(),
                new WebSocketTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5)),
                new HostLookup(host -> new InetAddress[0]));
        assertRefused(connect(), "cannot open a channel to localhost");
    }

    @Test
    void connect_untrustedAuthority_isRefused() {
        connector.close();
        connector = connector(TlsSettings.defaults());
        assertRefused(connect(), "certificate");
    }

    @Test
    void connect_certificateOfAnotherName_isRefused() {
        serveWith(TestPki.serverContext(TestPki.shared().issue("other.example"), List.of()));
        assertRefused(connect(), "certificate");
    }

    @Test
    void connect_addressInsteadOfTheName_isRefused() {
        CompletableFuture<TextChannel> connecting =
                connector.connect(URI.create("wss://127.0.0.1:" + server.port() + "/"), PROTOCOL, listener);
        assertRefused(connecting, "certificate");
    }

    @Test
    void connect_pinnedKey_isAcceptedAndAnotherRefused() throws Exception {
        connector.close();
        connector = connector(trusting().toBuilder()
                .pin(TestPki.pin(TestPki.shared().issue("reserve")))
                .pin(TestPki.pin(TestPki.shared().server()))
                .build());
        open().close(1000, "");
        connector.close();
        connector = connector(trusting().toBuilder()
                .pin(TestPki.pin(TestPki.shared().issue("reserve")))
                .build());
        assertRefused(connect(), "certificate");
    }

    @Test
    void connect_serverWithTls12Only_needsItAllowed() throws Exception {
        serveWith(TestPki.serverContext(TestPki.shared().server(), List.of(), "TLSv1.2"));
        assertRefused(connect(), "TLS");
        connector.close();
        connector = connector(trusting().toBuilder().allowTls12().build());
        open();
    }

    @Test
    void connect_serverOfAnotherSubprotocol_isRefused() {
        assertRefused(connector.connect(server.uri("/"), "runnel.other.v1", listener), "subprotocol");
    }

    @Test
    void connect_nobodyListens_saysSo() throws Exception {
        URI uri = server.uri("/");
        server.close();
        assertRefused(connector.connect(uri, PROTOCOL, listener), "cannot open a channel to localhost");
    }

    @Test
    void connect_serverNeverAnswers_timesOut() throws Exception {
        connector.close();
        connector = new TlsWebSocketConnector(
                trusting(),
                new WebSocketTimeouts(Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofSeconds(5)));
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertRefused(
                    connector.connect(URI.create("wss://localhost:" + mute.getLocalPort() + "/"), PROTOCOL, listener),
                    "no answer in time");
        }
    }

    @Test
    void close_openAndConnectingChannels_endsAllAndTheThread() throws Exception {
        open();
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<TextChannel> connecting = connector.connect(
                    URI.create("wss://localhost:" + mute.getLocalPort() + "/"), PROTOCOL, new RecordingListener());
            connector.close();
            assertThat(listener.closed.get(1, SECONDS)).isEqualTo(1001);
            assertRefused(connecting, "");
        }
        connector.close();
        assertRefused(connect(), "closed");
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("runnel-")) {
                // It has done its last task by now, and may need a moment to end.
                thread.join(SECONDS.toMillis(5));
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    private void scripted(java.util.function.Consumer<Connection> atOpen) {
        server.close();
        server = new WebSocketTestServer(WebSocketTestServer.usualTls(), PROTOCOL, new Script() {
            @Override
            public void opened(Connection connection) {
                atOpen.accept(connection);
            }
        });
    }

    private void serveWith(SslContext tls) {
        server.close();
        server = new WebSocketTestServer(tls, PROTOCOL, ECHO);
    }

    private TextChannel open() throws Exception {
        return connect().get(10, SECONDS);
    }

    private CompletableFuture<TextChannel> connect() {
        return connector.connect(server.uri("/a/b"), PROTOCOL, listener);
    }

    private void assertRefused(CompletableFuture<TextChannel> connecting, String says) {
        assertThatThrownBy(() -> connecting.get(15, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining(says);
        assertThat(listener.messages).isEmpty();
    }

    private static TlsSettings trusting() {
        return TlsSettings.builder().trust(TestPki.shared().authority()).build();
    }

    private static TlsWebSocketConnector connector(TlsSettings tls) {
        return new TlsWebSocketConnector(tls);
    }
}
