package io.runnel.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.channel.TextChannel;
import io.runnel.http.dns.HostLookup;
import io.runnel.http.testing.RecordingListener;
import io.runnel.http.testing.TestPki;
import io.runnel.http.testing.WebSocketTestServer;
import io.runnel.http.websocket.WebSocketTimeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host with several addresses, of which some are dead. */
@Timeout(30)
final class ConnectAddressesTest {
    private static final String PROTOCOL = "runnel.test.v1";
    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** Nobody listens there, so the machine refuses at once. */
    private static final InetAddress REFUSES = loopback(2);

    /** Takes no connection any more, and says nothing. */
    private static final InetAddress DEAD = loopback(3);

    private static final InetAddress GOOD = loopback(1);

    private final WebSocketTestServer server =
            new WebSocketTestServer(WebSocketTestServer.usualTls(), PROTOCOL, new WebSocketTestServer.Script() {});
    private final RecordingListener listener = new RecordingListener();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        server.close();
    }

    private static InetAddress loopback(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private TlsWebSocketConnector connector(InetAddress... addresses) {
        HostLookup names = new HostLookup(host -> addresses);
        TlsSettings tls =
                TlsSettings.builder().trust(TestPki.shared().authority()).build();
        TlsWebSocketConnector connector = new TlsWebSocketConnector(
                tls, new WebSocketTimeouts(CONNECT, Duration.ofSeconds(10), Duration.ofSeconds(30)), names);
        open.add(connector);
        return connector;
    }

    private CompletableFuture<TextChannel> connect(TlsWebSocketConnector connector) {
        return connector.connect(server.uri("/"), PROTOCOL, listener);
    }

    /** As many as are made before one is accepted are left; the machine then drops what comes. */
    private void die(InetAddress address) throws IOException {
        InetSocketAddress at = new InetSocketAddress(address, server.port());
        ServerSocket socket = new ServerSocket(server.port(), 1, address);
        open.add(socket);
        for (int i = 0; i < 8; i++) {
            SocketChannel filler = SocketChannel.open();
            open.add(filler);
            filler.configureBlocking(false);
            filler.connect(at);
        }
    }

    private static void assertFails(CompletableFuture<TextChannel> connecting, String says) {
        assertThatThrownBy(() -> connecting.get(20, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining(says)
                .hasMessageNotContaining("127.0.0");
    }

    @Test
    void connect_firstAddressesRefuse_takesTheNext() throws Exception {
        TextChannel channel = connect(connector(REFUSES, REFUSES, REFUSES, REFUSES, REFUSES, GOOD))
                .get(20, SECONDS);
        channel.close(1000, "");
        assertThat(listener.closed.get(20, SECONDS)).isEqualTo(1000);
    }

    @Test
    void connect_firstAddressIsDead_takesTheNextWithinTheTimeForOne() throws Exception {
        die(DEAD);
        long start = System.nanoTime();
        connect(connector(DEAD, GOOD)).get(20, SECONDS);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(CONNECT.dividedBy(2).minusMillis(50), CONNECT.plusSeconds(5));
    }

    @Test
    void connect_allAddressesRefuse_saysSo() {
        assertFails(connect(connector(REFUSES, REFUSES)), "the connection was refused");
    }

    @Test
    void connect_manyDeadAddresses_endsInAboutTheTimeForOne() throws Exception {
        die(DEAD);
        long start = System.nanoTime();
        assertFails(connect(connector(DEAD, DEAD, DEAD, DEAD, DEAD, DEAD, DEAD, DEAD)), "no answer in time");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(CONNECT.minusMillis(50), CONNECT.plusSeconds(5));
    }

    /** It is the host's failure: another address would be no more trustworthy. */
    @Test
    void connect_firstAddressHasAnUntrustedCertificate_asksNoOther() throws Exception {
        TlsWebSocketConnector connector = new TlsWebSocketConnector(
                TlsSettings.defaults(), new WebSocketTimeouts(CONNECT, CONNECT, CONNECT), new HostLookup(host ->
                        new InetAddress[] {GOOD, REFUSES}));
        open.add(connector);
        assertFails(connect(connector), "certificate");
    }

    @Test
    void close_whileAnAddressIsTried_failsAtOnce() throws Exception {
        die(DEAD);
        TlsWebSocketConnector connector = connector(DEAD, DEAD);
        CompletableFuture<TextChannel> connecting = connect(connector);
        connector.close();
        assertFails(connecting, "closed");
        assertThat(listener.closedCalls).hasValue(0);
    }
}
