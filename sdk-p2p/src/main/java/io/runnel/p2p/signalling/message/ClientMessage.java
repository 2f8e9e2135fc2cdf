package io.runnel.p2p.signalling.message;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import java.nio.ByteBuffer;

/**
 * What a peer says to the tracker. Buffers are read-only views; nobody moves their position or limit (duplicate them).
 */
public sealed interface ClientMessage {
    /** Calls the method of {@code sink} for this message. */
    void deliver(Sink sink);

    /** One method for each message. */
    interface Sink {
        /** A peer enters a swarm. */
        void join(Join message);

        /** A member wants to hear of others. */
        void announce(Announce message);

        /** A member sends something to another. */
        void signal(Signal message);

        /** A member leaves. */
        void leave(Leave message);

        /** Asks for a pong. */
        void ping(Ping message);
    }

    /**
     * Enters a swarm, or renews the credential of one already entered.
     *
     * @param credential the encoded peer credential, 1 to {@link SwarmProtocol#MAX_CREDENTIAL_BYTES} bytes
     * @param signature by the credential's peer key, see {@link SwarmProtocol#JOIN_CONTEXT}
     * @param want how many peers to be told of, 0 to {@link SwarmProtocol#MAX_PEERS}
     * @param serves whether the peer uploads, and so takes a seat
     */
    record Join(SwarmId swarm, ByteBuffer credential, ByteBuffer signature, int want, boolean serves)
            implements ClientMessage {
        /** Checks the bounds. */
        public Join {
            credential = Bounds.within("credential", credential, 1, SwarmProtocol.MAX_CREDENTIAL_BYTES);
            signature = Bounds.exactly("signature", signature, SwarmProtocol.SIGNATURE_BYTES);
            Bounds.number("want", want, 0, SwarmProtocol.MAX_PEERS);
        }

        @Override
        public void deliver(Sink sink) {
            sink.join(this);
        }
    }

    /**
     * Asks to be told of peers again.
     *
     * @param want as in {@link Join}
     */
    record Announce(SwarmId swarm, int want) implements ClientMessage {
        /** Checks the bounds. */
        public Announce {
            Bounds.number("want", want, 0, SwarmProtocol.MAX_PEERS);
        }

        @Override
        public void deliver(Sink sink) {
            sink.announce(this);
        }
    }

    /**
     * Something for another member, which the tracker passes on unread.
     *
     * @param to the other member's peer key
     * @param payload 1 to {@link SwarmProtocol#MAX_PAYLOAD_BYTES} bytes
     */
    record Signal(SwarmId swarm, VerifyingKey to, ByteBuffer payload) implements ClientMessage {
        /** Checks the bounds. */
        public Signal {
            payload = Bounds.within("payload", payload, 1, SwarmProtocol.MAX_PAYLOAD_BYTES);
        }

        @Override
        public void deliver(Sink sink) {
            sink.signal(this);
        }
    }

    /** Leaves a swarm. */
    record Leave(SwarmId swarm) implements ClientMessage {
        @Override
        public void deliver(Sink sink) {
            sink.leave(this);
        }
    }

    /** Asks for a {@link ServerMessage.Pong}. */
    record Ping() implements ClientMessage {
        @Override
        public void deliver(Sink sink) {
            sink.ping(this);
        }
    }
}
