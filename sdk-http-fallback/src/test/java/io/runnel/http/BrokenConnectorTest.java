package io.runnel.http;

import static io.runnel.http.GoodServer.BLOB;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.channel.ChannelConnector;
import io.runnel.channel.TextChannel;
import io.runnel.http.keys.message.KeysProtocol;
import io.runnel.http.testing.ScriptedAppServer;
import io.runnel.http.testing.TestPki;
import io.runnel.http.testing.WebSocketTestServer;
import io.runnel.keys.KeyException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The keys channel over an app's own connector, which breaks its contract. */
@Timeout(30)
final class BrokenConnectorTest {
    private final WebSocketTestServer server = new WebSocketTestServer(
            WebSocketTestServer.usualTls(), KeysProtocol.SUBPROTOCOL, new GoodServer(new ScriptedAppServer("alice")));
    private final TlsWebSocketConnector good = new TlsWebSocketConnector(
            TlsSettings.builder().trust(TestPki.shared().authority()).build());

    @AfterEach
    void close() throws Exception {
        good.close();
        server.close();
    }

    private KeysChannel channel(ChannelConnector connector) {
        return KeysChannel.builder(URI.create("https://localhost:" + server.port()), "alice", () -> "token")
                .connector(connector)
                .timeouts(Duration.ofSeconds(20), Duration.ofSeconds(10))
                .build();
    }

    @Test
    void connect_throwsOrGivesNullForAFuture_isTriedAgain() throws Exception {
        AtomicInteger connects = new AtomicInteger();
        ChannelConnector broken = (uri, subprotocol, listener) -> switch (connects.incrementAndGet()) {
            case 1 -> throw new AssertionError("an app's bug");
            case 2 -> null;
            default -> good.connect(uri, subprotocol, listener);
        };
        try (KeysChannel keys = channel(broken)) {
            keys.grant(BLOB).get(20, SECONDS).close();
        }
        assertThat(connects).hasValue(3);
    }

    @Test
    void connect_alwaysThrows_isWhatWhoWaitsInVainHears() {
        ChannelConnector broken = (uri, subprotocol, listener) -> {
            throw new IllegalStateException("secret-address-text");
        };
        try (KeysChannel keys = KeysChannel.builder(URI.create("https://localhost"), "alice", () -> "token")
                .connector(broken)
                .timeouts(Duration.ofMillis(300), Duration.ofSeconds(10))
                .build()) {
            assertThatThrownBy(() -> keys.grant(BLOB).get(10, SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            KeyException.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(KeyException.Reason.UNAVAILABLE))
                    .hasMessageContaining("the channel connector failed (java.lang.IllegalStateException)")
                    .hasMessageNotContaining("secret-address-text");
        }
    }

    @Test
    void send_channelThrows_isGivenUpForAnother() throws Exception {
        AtomicInteger closes = new AtomicInteger();
        AtomicInteger connects = new AtomicInteger();
        TextChannel broken = new TextChannel() {
            @Override
            public void send(String text) {
                throw new IllegalStateException("an app's bug");
            }

            @Override
            public void close(int code, String reason) {
                closes.incrementAndGet();
                throw new IllegalStateException("an app's bug");
            }
        };
        try (KeysChannel keys = channel((uri, subprotocol, listener) -> connects.incrementAndGet() > 1
                ? good.connect(uri, subprotocol, listener)
                : CompletableFuture.completedFuture(broken))) {
            keys.grant(BLOB).get(5, SECONDS).close();
        }
        assertThat(connects).hasValue(2);
        assertThat(closes).hasValue(1);
    }
}
