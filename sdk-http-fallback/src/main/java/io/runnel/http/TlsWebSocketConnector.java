package io.runnel.http;

import io.runnel.channel.ChannelConnector;
import io.runnel.channel.TextChannel;
import io.runnel.http.dns.HostLookup;
import io.runnel.http.websocket.WebSocketClient;
import io.runnel.http.websocket.WebSocketTimeouts;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Opens text channels as websockets over TLS (RFC 6455), {@code wss://} only. No extension is offered, so nothing is
 * compressed. A silent channel is pinged after 30 s and given up as broken after 30 s more. All channels of a connector
 * share its one thread, {@code runnel-websocket-1}. Safe for use on any thread.
 */
public final class TlsWebSocketConnector implements ChannelConnector, AutoCloseable {
    private static final WebSocketTimeouts TIMEOUTS =
            new WebSocketTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(30));

    private final WebSocketClient client;

    /** A connector that trusts whom the settings say. */
    public TlsWebSocketConnector(TlsSettings tls) {
        this(tls, TIMEOUTS);
    }

    TlsWebSocketConnector(TlsSettings tls, WebSocketTimeouts timeouts) {
        this(tls, timeouts, new HostLookup());
    }

    TlsWebSocketConnector(TlsSettings tls, WebSocketTimeouts timeouts, HostLookup names) {
        client = new WebSocketClient(tls.clientTls(), timeouts, names);
    }

    @Override
    public CompletableFuture<TextChannel> connect(URI uri, String subprotocol, Listener listener) {
        return client.connect(uri, subprotocol, listener);
    }

    /** Ends every channel with code 1001, and the thread, within 2 s. Idempotent. */
    @Override
    public void close() {
        client.close();
    }
}
