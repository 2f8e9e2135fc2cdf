package io.runnel.devserver;

import io.runnel.devserver.state.StateFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Origin, app server and tracker in one process, on one TLS port, for development and the demo. Everything it knows is in
 * its state folder, so that it can be stopped, killed and started again. Safe for use on any thread.
 */
public final class DevServer implements AutoCloseable {
    private final Builder settings;
    private @Nullable RunningServer running;
    private @Nullable ServerInfo info;

    private DevServer(Builder settings) {
        this.settings = settings;
    }

    /**
     * Starts from the defaults: any port, {@code localhost}, epochs of 300 s.
     *
     * @param stateDir made for its owner alone where it is absent
     */
    public static Builder builder(Path stateDir) {
        return new Builder(stateDir);
    }

    /**
     * Starts it; it serves when this returns.
     *
     * @return this
     * @throws IOException if the folder cannot be used or is in use by another server, or the port is taken
     * @throws IllegalStateException if it was started before
     */
    public synchronized DevServer start() throws IOException {
        if (running != null) {
            throw new IllegalStateException("the server was started before: build another");
        }
        RunningServer server = new RunningServer();
        info = server.start(settings, StateFolder.open(settings.stateDir));
        running = server;
        return this;
    }

    /** The TCP port it listens on. */
    public int port() {
        return info().port();
    }

    /** {@code https://HOST:PORT}; the channels are at {@code wss://HOST:PORT/cdn/keys/v1} and {@code /cdn/swarm/v1}. */
    public URI baseUri() {
        return info().baseUri();
    }

    /** The PEM file of the authority clients must trust. */
    public Path caCertificate() {
        return info().caCertificate();
    }

    /** The token that lets in any client name that has none of its own. A secret. */
    public String clientToken() {
        return info().clientToken();
    }

    /** Stops within 2 s. Channels are closed with 1001, so that clients come back. Idempotent. */
    @Override
    public synchronized void close() {
        if (running != null) {
            running.close();
        }
    }

    private synchronized ServerInfo info() {
        if (info == null) {
            throw new IllegalStateException("the server was not started: call start() first");
        }
        return info;
    }

    /** Collects the settings; not safe for use by several threads at once. */
    public static final class Builder {
        private static final Duration SHORTEST_EPOCH = Duration.ofMillis(100);
        private static final Duration LONGEST_EPOCH = Duration.ofDays(1);

        final Path stateDir;
        String host = "localhost";
        int port;
        Duration epochLength = Duration.ofMinutes(5);
        final Set<ServerPart> parts = EnumSet.allOf(ServerPart.class);
        private @Nullable Duration grace;

        private Builder(Path stateDir) {
            this.stateDir = stateDir;
        }

        /** Listens on this port; 0, the default, takes any that is free. */
        public Builder port(int port) {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("port: " + port + ", must be 0 to 65535");
            }
            this.port = port;
            return this;
        }

        /** Listens on this name or address only, and is reached by it; {@code localhost} by default. */
        public Builder host(String host) {
            this.host = host;
            return this;
        }

        /** How long an epoch key is valid, 100 ms to a day; 300 s by default. */
        public Builder epochLength(Duration epochLength) {
            if (epochLength.compareTo(SHORTEST_EPOCH) < 0 || epochLength.compareTo(LONGEST_EPOCH) > 0) {
                throw new IllegalArgumentException("epochLength: " + epochLength + ", must be 100 ms to 1 day");
            }
            this.epochLength = epochLength;
            return this;
        }

        /** How long an epoch's envelopes still open after its end, 0 to the epoch's length; 30 s or that by default. */
        public Builder grace(Duration grace) {
            if (grace.isNegative()) {
                throw new IllegalArgumentException("grace: " + grace + ", must not be negative");
            }
            this.grace = grace;
            return this;
        }

        /** Answers 503 where this part would be; the others go on. */
        public Builder without(ServerPart part) {
            parts.remove(part);
            return this;
        }

        /**
         * A server with these settings, not started.
         *
         * @throws IllegalArgumentException if the grace is longer than an epoch
         */
        public DevServer build() {
            if (grace != null && grace.compareTo(epochLength) > 0) {
                throw new IllegalArgumentException("grace: " + grace + ", must be at most the epoch, " + epochLength);
            }
            return new DevServer(this);
        }

        Duration effectiveGrace() {
            if (grace != null) {
                return grace;
            }
            Duration usual = Duration.ofSeconds(30);
            return usual.compareTo(epochLength) < 0 ? usual : epochLength;
        }
    }
}
