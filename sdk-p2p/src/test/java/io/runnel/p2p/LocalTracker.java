package io.runnel.p2p;

import io.runnel.channel.ChannelConnector;
import io.runnel.channel.TextChannel;
import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.p2p.signalling.message.ClientMessage;
import io.runnel.p2p.signalling.message.MalformedMessageException;
import io.runnel.p2p.signalling.message.ServerMessage;
import io.runnel.p2p.signalling.message.SwarmCodec;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import io.runnel.source.Seat;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A tracker in this process, reached through the port for channels; checks joins as a real one does. */
final class LocalTracker implements ChannelConnector, AutoCloseable {
    static final URI ADDRESS = URI.create("wss://tracker.invalid" + SwarmProtocol.PATH);

    private final VerifyingKey issuer;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "local-tracker");
        made.setDaemon(true);
        return made;
    });
    private final Map<SwarmId, Map<VerifyingKey, Connection>> swarms = new HashMap<>();
    private final List<Connection> connections = new ArrayList<>();
    private volatile boolean down;
    private volatile @Nullable VerifyingKey hub;

    /** Changes payloads on their way, as a hostile tracker would. */
    volatile UnaryOperator<ByteBuffer> tamper = payload -> payload;

    LocalTracker(VerifyingKey issuer) {
        this.issuer = issuer;
    }

    @Override
    public CompletableFuture<TextChannel> connect(URI uri, String subprotocol, Listener listener) {
        CompletableFuture<TextChannel> opened = new CompletableFuture<>();
        thread.execute(() -> {
            if (down) {
                opened.completeExceptionally(new IOException("tracker is down"));
                return;
            }
            Connection connection = new Connection(listener);
            connections.add(connection);
            opened.complete(connection);
            connection.tell(new ServerMessage.Challenge(connection.nonce));
        });
        return opened;
    }

    /** Breaks all channels and refuses new ones. */
    void stop() {
        down = true;
        thread.execute(() -> List.copyOf(connections).forEach(connection -> connection.end(1006, "")));
    }

    /** From now on all channels there are carry nothing either way, and nobody is told. */
    void silence() {
        thread.execute(() -> connections.forEach(connection -> connection.silent = true));
    }

    void start() {
        down = false;
    }

    /** From now on introduces this member to all others, and none of those to each other. */
    void introduceOnlyTo(VerifyingKey member) {
        hub = member;
    }

    private boolean introduces(VerifyingKey one, VerifyingKey other) {
        VerifyingKey only = hub;
        return only == null || one.equals(only) || other.equals(only);
    }

    int members(SwarmId swarm) {
        CompletableFuture<Integer> count = new CompletableFuture<>();
        thread.execute(() -> count.complete(swarms.getOrDefault(swarm, Map.of()).size()));
        return count.join();
    }

    int channels() {
        CompletableFuture<Integer> count = new CompletableFuture<>();
        thread.execute(() -> count.complete(connections.size()));
        return count.join();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private final class Connection implements TextChannel, ClientMessage.Sink {
        private final Listener listener;
        private final ByteBuffer nonce;
        private @Nullable VerifyingKey key;
        private boolean over;
        private boolean silent;

        Connection(Listener listener) {
            this.listener = listener;
            byte[] bytes = new byte[32];
            new java.security.SecureRandom().nextBytes(bytes);
            this.nonce = ByteBuffer.wrap(bytes);
        }

        void tell(ServerMessage message) {
            if (!silent) {
                listener.message(SwarmCodec.write(message));
            }
        }

        void end(int code, String reason) {
            if (!over) {
                over = true;
                connections.remove(this);
                swarms.forEach((swarm, members) -> {
                    if (members.values().remove(this)) {
                        gone(swarm, members);
                    }
                });
                listener.closed(code, reason);
            }
        }

        @Override
        public void send(String text) {
            thread.execute(() -> {
                if (over || silent) {
                    return;
                }
                try {
                    SwarmCodec.readClient(text).deliver(this);
                } catch (MalformedMessageException e) {
                    end(SwarmProtocol.CLOSE_PROTOCOL, "malformed");
                }
            });
        }

        @Override
        public void close(int code, String reason) {
            thread.execute(() -> end(code, reason));
        }

        @Override
        public void join(ClientMessage.Join message) {
            try {
                byte[] credential = bytes(message.credential());
                PeerCredential read = PeerCredential.verify(credential, issuer, System.currentTimeMillis());
                boolean signed = SigningIdentity.verify(
                        read.peerKey(),
                        bytes(message.signature()),
                        SwarmProtocol.JOIN_CONTEXT,
                        bytes(nonce),
                        message.swarm().bytes(),
                        credential);
                if (!signed) {
                    throw new GeneralSecurityException("join is not signed");
                }
                key = read.peerKey();
            } catch (GeneralSecurityException e) {
                tell(new ServerMessage.Denied(message.swarm(), ServerMessage.Denied.Reason.NOT_AUTHENTIC));
                return;
            }
            Map<VerifyingKey, Connection> members =
                    swarms.computeIfAbsent(message.swarm(), swarm -> new LinkedHashMap<>());
            Connection before = members.get(key);
            if (before != null && before != this) {
                members.remove(key);
                gone(message.swarm(), members);
            }
            boolean fresh = members.put(key, this) == null;
            tell(new ServerMessage.Joined(message.swarm(), members.size()));
            tell(new ServerMessage.Seated(message.swarm(), new Seat(message.serves() ? 0 : -1, 1)));
            if (fresh) {
                members.forEach((peer, connection) -> {
                    if (connection != this && introduces(peer, key)) {
                        connection.tell(new ServerMessage.Peers(message.swarm(), List.of(key)));
                    }
                });
                announce(new ClientMessage.Announce(message.swarm(), message.want()));
            }
        }

        @Override
        public void announce(ClientMessage.Announce message) {
            List<VerifyingKey> others = new ArrayList<>(
                    swarms.getOrDefault(message.swarm(), Map.of()).keySet());
            others.removeIf(other -> other.equals(key) || !introduces(other, key));
            Collections.shuffle(others);
            tell(new ServerMessage.Peers(message.swarm(), others.subList(0, Math.min(others.size(), message.want()))));
        }

        @Override
        public void signal(ClientMessage.Signal message) {
            Connection to = swarms.getOrDefault(message.swarm(), Map.of()).get(message.to());
            if (to != null && key != null) {
                to.tell(new ServerMessage.Signal(message.swarm(), key, tamper.apply(message.payload())));
            }
        }

        @Override
        public void leave(ClientMessage.Leave message) {
            Map<VerifyingKey, Connection> members = swarms.getOrDefault(message.swarm(), Map.of());
            if (key != null && members.remove(key) != null) {
                gone(message.swarm(), members);
            }
        }

        private void gone(SwarmId swarm, Map<VerifyingKey, Connection> members) {
            members.values().forEach(other -> other.tell(new ServerMessage.Gone(swarm, key)));
        }

        @Override
        public void ping(ClientMessage.Ping message) {
            tell(new ServerMessage.Pong());
        }
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return copy;
    }
}
