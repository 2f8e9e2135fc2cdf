package io.runnel.p2p;

import io.runnel.channel.ChannelAddress;
import io.runnel.channel.ChannelConnector;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.keys.SwarmAdmission;
import io.runnel.p2p.signalling.SignallingMachine;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import io.runnel.p2p.transport.NatServer;
import io.runnel.p2p.transport.PeerTransport;
import io.runnel.p2p.transport.TransportUnavailableException;
import io.runnel.p2p.webrtc.WebRtcTransport;
import io.runnel.sharing.SharingControl;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds other viewers of a blob through a tracker, fetches from them over WebRTC data channels, and serves them what the
 * engine holds, as far as its {@link SharingControl} allows: without one, not at all. One connection to a peer carries all
 * blobs in common. Its sources are of kind {@code PEER} and named {@code peer:} and the first 12 hexadecimal digits of the
 * peer's key.
 *
 * <p>Safe for use on any thread. Listeners of attached blobs are called on the thread {@code runnel-p2p-n}. Two or more
 * native threads run besides while there are connections; {@link #close} ends them all, and a JVM does not end before.
 *
 * <p>From JDK 24 on the JVM warns of native code unless started with {@code --enable-native-access=ALL-UNNAMED}, or on
 * the module path with {@code webrtc.java,io.runnel.p2p,io.netty.common} in its place. The native library comes with the
 * dependency for the platform Maven runs on (Linux and macOS on x86-64 and aarch64, Windows on x86-64); with Gradle, or to
 * run elsewhere than where it was built, add {@code dev.onvoid.webrtc:webrtc-java} with the classifier of that platform,
 * such as {@code linux-aarch64}.
 *
 * <p>A peer learns this machine's IP addresses when it connects, as with any direct connection.
 */
public final class WebRtcSwarm implements SourceProvider {
    /** Connections sought in each swarm where nothing else is said. */
    public static final int DEFAULT_MAX_PEERS = 12;

    /** How long an attempt to connect may take where nothing else is said. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(15);

    private static final long CLOSE_MILLIS = 500;

    private final OwnerLoop loop;
    private final PeerTransport transport;
    private final Swarm swarm;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** What the builder gathered. */
    record Settings(
            URI tracker,
            ChannelConnector connector,
            SwarmAdmission admission,
            SigningIdentity identity,
            SharingControl sharing) {}

    private WebRtcSwarm(Settings settings, PeerTransport transport, int maxPeers, Duration connectTimeout) {
        this.loop = new OwnerLoop();
        this.transport = transport;
        SignallingMachine signalling =
                new SignallingMachine(settings.identity(), maxPeers, connectTimeout.toNanos(), new SecureRandom());
        this.swarm = new Swarm(settings, loop, transport, signalling);
        loop.execute(swarm.rules()::start);
        settings.admission().onMode(mode -> loop.execute(() -> swarm.rules().serverMode(mode)));
    }

    /** A builder without a setting. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public SourceInfo.Kind kind() {
        return SourceInfo.Kind.PEER;
    }

    @Override
    public SharedBlob.Subscription attach(SharedBlob blob, Listener listener) {
        Membership membership = new Membership(blob, listener, loop, swarm.memberships());
        loop.execute(() -> swarm.memberships().attach(membership));
        return membership;
    }

    @Override
    public void ban(SourceInfo source) {
        loop.execute(() -> swarm.ban(source));
    }

    /** What the swarm does and has done. Returns at once. */
    public SwarmStatus status() {
        return swarm.status();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            loop.execute(swarm::close);
            loop.drain(CLOSE_MILLIS);
            swarm.rules().awaitEnd();
            transport.close();
            loop.close();
        }
    }

    /** Gathers the settings of a swarm. Tracker, connector, identity and admission are required. */
    public static final class Builder {
        private @Nullable URI tracker;
        private @Nullable ChannelConnector connector;
        private @Nullable SigningIdentity identity;
        private @Nullable SwarmAdmission admission;
        private List<IceServer> iceServers = List.of();
        private int maxPeers = DEFAULT_MAX_PEERS;
        private SharingControl sharing = SharingControl.create();
        private Duration connectTimeout = DEFAULT_CONNECT_TIMEOUT;

        private Builder() {}

        /**
         * The tracker's websocket. Required.
         *
         * @param uri {@code https://host[:port]}, or {@code wss://} with the whole path, which is
         *     {@code /cdn/swarm/v1} by default
         * @throws IllegalArgumentException if it is anything else, or has user info, a query or a fragment
         */
        public Builder tracker(URI uri) {
            this.tracker = ChannelAddress.of("tracker", Objects.requireNonNull(uri, "tracker"), SwarmProtocol.PATH);
            return this;
        }

        /** What opens the channel to the tracker. Required; not closed with the swarm. */
        public Builder connector(ChannelConnector value) {
            this.connector = Objects.requireNonNull(value, "connector");
            return this;
        }

        /**
         * This peer's key, the one its credentials name. Required; the caller closes it, after the swarm.
         *
         * @param value fresh for each session
         */
        public Builder identity(SigningIdentity value) {
            this.identity = Objects.requireNonNull(value, "identity");
            return this;
        }

        /** Where tickets for swarms come from. Required. */
        public Builder admission(SwarmAdmission value) {
            this.admission = Objects.requireNonNull(value, "admission");
            return this;
        }

        /** STUN and TURN servers, for peers that are not on one network. None where nothing is said. */
        public Builder iceServers(List<IceServer> servers) {
            this.iceServers = List.copyOf(Objects.requireNonNull(servers, "iceServers"));
            return this;
        }

        /**
         * Connections sought in each swarm, {@value #DEFAULT_MAX_PEERS} where nothing is said. Twice as many are accepted,
         * so that who comes late to a swarm finds room.
         *
         * @param count 1 to 64
         */
        public Builder maxPeers(int count) {
            if (count < 1 || count > SwarmProtocol.MAX_PEERS) {
                throw new IllegalArgumentException("maxPeers: " + count + ", must be 1 to " + SwarmProtocol.MAX_PEERS);
            }
            this.maxPeers = count;
            return this;
        }

        /**
         * The app's hand on mode and uploads. Where nothing is said the swarm fetches from peers and serves none: the
         * viewer has not agreed.
         */
        public Builder sharing(SharingControl control) {
            this.sharing = Objects.requireNonNull(control, "sharing");
            return this;
        }

        /**
         * How long an attempt to connect to a peer may take, 15 s where nothing is said.
         *
         * @param timeout 1 s to 120 s
         */
        public Builder connectTimeout(Duration timeout) {
            Objects.requireNonNull(timeout, "connectTimeout");
            if (timeout.compareTo(Duration.ofSeconds(1)) < 0 || timeout.compareTo(Duration.ofSeconds(120)) > 0) {
                throw new IllegalArgumentException("connectTimeout: " + timeout + ", must be 1 s to 120 s");
            }
            this.connectTimeout = timeout;
            return this;
        }

        /**
         * The swarm, running.
         *
         * @throws IllegalStateException where a required setting is missing
         * @throws WebRtcUnavailableException where WebRTC cannot run on this machine; the message
         *     says what to install
         */
        public WebRtcSwarm build() {
            return build(WebRtcTransport::new);
        }

        WebRtcSwarm build(Function<List<NatServer>, PeerTransport> transport) {
            URI uri = required("tracker", tracker);
            Settings settings = new Settings(
                    uri,
                    required("connector", connector),
                    required("admission", admission),
                    required("identity", identity),
                    sharing);
            return new WebRtcSwarm(settings, opened(transport), maxPeers, connectTimeout);
        }

        private PeerTransport opened(Function<List<NatServer>, PeerTransport> transport) {
            try {
                return transport.apply(iceServers.stream()
                        .map(each -> new NatServer(each.urls(), each.username(), each.password()))
                        .toList());
            } catch (TransportUnavailableException e) {
                throw new WebRtcUnavailableException(String.valueOf(e.getMessage()), e);
            }
        }

        private static <T> T required(String name, @Nullable T value) {
            if (value == null) {
                throw new IllegalStateException(name + ": must be set");
            }
            return value;
        }
    }
}
