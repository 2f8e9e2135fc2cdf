package io.runnel.http;

import io.runnel.channel.ChannelAddress;
import io.runnel.channel.ChannelConnector;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import io.runnel.http.keys.KeysLimits;
import io.runnel.http.keys.KeysMachine;
import io.runnel.http.keys.KeysShell;
import io.runnel.http.keys.message.KeysProtocol;
import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeySource;
import io.runnel.keys.SwarmAdmission;
import io.runnel.keys.SwarmTicket;
import io.runnel.sharing.SharingMode;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys channel to the app server: keys of blobs, and admission to their swarms. It connects at once and, when the
 * connection breaks, again after a wait with full jitter whose bound doubles from 1 to 60 s; requests wait for it a
 * while. A connection on which a request waits and nothing comes is pinged after 2 s and given up after 3 s more, and the
 * request is asked again on the next. Keys it holds go on opening envelopes until their epoch is over, by the server's time.
 *
 * <p>When the server revokes the client, or does not accept its token, that is final: all keys are wiped, pending and
 * later requests fail, and the {@link #onRevoked} actions run.
 *
 * <p>Futures complete, and {@code onRevoked} actions and {@code onMode} listeners run, on the thread {@code runnel-keys-1}: return quickly, or move on
 * to another. Safe for use on any thread.
 */
public final class KeysChannel implements KeySource, SwarmAdmission {
    private final KeysShell shell;
    private final @Nullable TlsWebSocketConnector owned;

    private KeysChannel(KeysShell shell, @Nullable TlsWebSocketConnector owned) {
        this.shell = shell;
        this.owned = owned;
    }

    /**
     * Starts a channel's settings.
     *
     * @param server the app server: {@code https://host[:port]}, or the channel itself: {@code
     *     wss://host[:port]/cdn/keys/v1}
     * @param client the name the app server knows this client by: 1 to 128 of {@code [A-Za-z0-9._-]}
     * @param token gives what proves it, 1 to 8192 visible ASCII characters, as a bearer token is (RFC 6750 section 2.1);
     *     asked before each connection's first message, on the thread {@code runnel-keys-1}. Where it gives anything else,
     *     requests fail with {@link io.runnel.keys.KeyException.Reason#DENIED}
     */
    public static Builder builder(URI server, String client, Supplier<String> token) {
        return new Builder(server, client, token);
    }

    @Override
    public CompletableFuture<BlobGrant> grant(BlobId id) {
        return shell.grant(id);
    }

    @Override
    public CompletableFuture<SwarmTicket> ticket(BlobId id) {
        return shell.ticket(id);
    }

    @Override
    public void onMode(Consumer<SharingMode> listener) {
        shell.onMode(listener);
    }

    @Override
    public void onRevoked(Runnable action) {
        shell.onShutOut(action);
    }

    @Override
    public void close() {
        shell.close();
        if (owned != null) {
            owned.close();
        }
    }

    /** Collects the settings; not safe for use by several threads at once. */
    public static final class Builder {
        private final URI uri;
        private final String client;
        private final Supplier<String> token;
        private TlsSettings tls = TlsSettings.defaults();
        private @Nullable VerifyingKey peerKey;
        private @Nullable ChannelConnector connector;
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration requestTimeout = Duration.ofSeconds(10);

        private Builder(URI server, String client, Supplier<String> token) {
            this.uri = ChannelAddress.of("server", Objects.requireNonNull(server, "server"), KeysProtocol.PATH);
            if (!Objects.requireNonNull(client, "client").matches("[A-Za-z0-9._-]{1,128}")) {
                throw new IllegalArgumentException(
                        "client: \"" + client + "\", must be 1 to 128 characters of [A-Za-z0-9._-]");
            }
            this.client = client;
            this.token = Objects.requireNonNull(token, "token");
        }

        /** Whom to trust; the JDK's authorities by default. */
        public Builder tls(TlsSettings settings) {
            tls = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /** The session's peer key, without which there is no admission to a swarm. */
        public Builder peerKey(VerifyingKey key) {
            peerKey = Objects.requireNonNull(key, "key");
            return this;
        }

        /** Opens channels through this connector, which stays the caller's to close; by default one of its own. */
        public Builder connector(ChannelConnector shared) {
            connector = Objects.requireNonNull(shared, "shared");
            return this;
        }

        /**
         * How long a request waits.
         *
         * @param connect for a connection; 10 s by default
         * @param request for its answer; 10 s by default
         */
        public Builder timeouts(Duration connect, Duration request) {
            connectTimeout = Waits.positive("connect", connect);
            requestTimeout = Waits.positive("request", request);
            return this;
        }

        /** The channel, which starts connecting at once. */
        public KeysChannel build() {
            TlsWebSocketConnector own = null;
            ChannelConnector used = connector;
            if (used == null) {
                own = new TlsWebSocketConnector(tls);
                used = own;
            }
            KeysShell shell = new KeysShell(
                    used,
                    uri,
                    new KeysMachine.Identity(client, peerKey),
                    () -> secret(token.get()),
                    KeysLimits.usual(connectTimeout, requestTimeout));
            return new KeysChannel(shell, own);
        }

        /** A byte for each character; one beyond ASCII becomes a byte that no token may have, and not another token. */
        private static @Nullable SecretBytes secret(@Nullable String token) {
            if (token == null) {
                return null;
            }
            byte[] bytes = new byte[token.length()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) Math.min(token.charAt(i), 0xff);
            }
            return SecretBytes.adopt(bytes);
        }
    }
}
