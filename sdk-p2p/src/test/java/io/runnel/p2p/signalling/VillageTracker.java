package io.runnel.p2p.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.CredentialException;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.p2p.signalling.message.ClientMessage;
import io.runnel.p2p.signalling.message.ServerMessage;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import io.runnel.source.Seat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The tracker of a village: who is in which swarm. What is said to it and by it, the residents carry. */
final class VillageTracker {
    private final Village village;
    private final Map<SwarmId, Map<VerifyingKey, Village.Resident>> swarms = new HashMap<>();

    /** What becomes of what one peer signals to another. */
    UnaryOperator<ByteBuffer> tamper = payload -> payload;

    boolean down;

    /** It knows of no membership, not even of one just asked for. */
    boolean forgets;

    /** It takes channels and never says a word. */
    boolean mute;

    /** How long it takes to answer a ping. */
    long pongNanos;

    VillageTracker(Village village) {
        this.village = village;
    }

    Map<VerifyingKey, Village.Resident> members(SwarmId swarm) {
        return swarms.computeIfAbsent(swarm, each -> new LinkedHashMap<>());
    }

    Side side(Village.Resident resident) {
        return new Side(resident);
    }

    /** What the tracker knows of one resident, and does with its words. */
    final class Side implements ClientMessage.Sink {
        private final Village.Resident from;
        private final byte[] nonce = new byte[32];

        /** Memberships that are still there of a channel that ended unheard. */
        private final Set<SwarmId> stale = new HashSet<>();

        private Side(Village.Resident from) {
            this.from = from;
        }

        void opened() {
            village.random.nextBytes(nonce);
            from.hear(new ServerMessage.Challenge(ByteBuffer.wrap(nonce)));
        }

        void closed() {
            swarms.forEach((swarm, members) -> {
                if (!from.cutOff) {
                    members.remove(from.key);
                } else if (members.containsKey(from.key)) {
                    stale.add(swarm);
                }
            });
        }

        void expel(SwarmId swarm) {
            members(swarm).remove(from.key);
            from.hear(new ServerMessage.Denied(swarm, ServerMessage.Denied.Reason.EXPIRED));
        }

        @Override
        public void join(ClientMessage.Join message) {
            from.joins++;
            byte[] credential = PeerSignal.bytes(message.credential());
            assertThat(SigningIdentity.verify(
                            from.key,
                            PeerSignal.bytes(message.signature()),
                            SwarmProtocol.JOIN_CONTEXT,
                            nonce,
                            message.swarm().bytes(),
                            credential))
                    .isTrue();
            if (expired(credential)) {
                from.hear(new ServerMessage.Denied(message.swarm(), ServerMessage.Denied.Reason.EXPIRED));
                return;
            }
            if (forgets) {
                from.hear(new ServerMessage.Denied(message.swarm(), ServerMessage.Denied.Reason.NOT_MEMBER));
                return;
            }
            if (stale.remove(message.swarm())) {
                leave(new ClientMessage.Leave(message.swarm()));
            }
            boolean fresh = members(message.swarm()).put(from.key, from) == null;
            from.hear(new ServerMessage.Seated(message.swarm(), new Seat(message.serves() ? 0 : -1, 1)));
            from.hear(new ServerMessage.Joined(
                    message.swarm(), members(message.swarm()).size()));
            if (fresh) {
                members(message.swarm()).values().forEach(other -> {
                    if (other != from) {
                        other.hear(new ServerMessage.Peers(message.swarm(), List.of(from.key)));
                    }
                });
                announce(new ClientMessage.Announce(message.swarm(), message.want()));
            }
        }

        private boolean expired(byte[] credential) {
            try {
                PeerCredential.verify(credential, village.issuer.publicKey(), village.millis());
                return false;
            } catch (CredentialException e) {
                return e.reason() == CredentialException.Reason.EXPIRED;
            }
        }

        @Override
        public void announce(ClientMessage.Announce message) {
            List<VerifyingKey> others = new ArrayList<>(members(message.swarm()).keySet());
            others.remove(from.key);
            from.hear(new ServerMessage.Peers(
                    message.swarm(), others.subList(0, Math.min(others.size(), message.want()))));
        }

        @Override
        public void signal(ClientMessage.Signal message) {
            Village.@Nullable Resident to = members(message.swarm()).get(message.to());
            if (to != null) {
                to.hear(new ServerMessage.Signal(message.swarm(), from.key, tamper.apply(message.payload())));
            }
        }

        @Override
        public void leave(ClientMessage.Leave message) {
            members(message.swarm()).remove(from.key);
            members(message.swarm())
                    .values()
                    .forEach(other -> other.hear(new ServerMessage.Gone(message.swarm(), from.key)));
        }

        @Override
        public void ping(ClientMessage.Ping message) {
            from.pings.add(village.now);
            village.at(pongNanos, () -> from.hear(new ServerMessage.Pong()));
        }
    }
}
