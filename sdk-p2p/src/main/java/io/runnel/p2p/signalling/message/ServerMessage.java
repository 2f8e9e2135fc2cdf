package io.runnel.p2p.signalling.message;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.source.Seat;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What the tracker says to a peer. Buffers are read-only views; nobody moves their position or limit (duplicate them).
 */
public sealed interface ServerMessage {
    /** Calls the method of {@code sink} for this message. */
    void deliver(Sink sink);

    /** One method for each message. */
    interface Sink {
        /** The first message of a connection. */
        void challenge(Challenge message);

        /** A join was accepted. */
        void joined(Joined message);

        /** A place among those who serve. */
        void seated(Seated message);

        /** Other members. */
        void peers(Peers message);

        /** Something another member sent. */
        void signal(Signal message);

        /** A member left. */
        void gone(Gone message);

        /** A request was refused. */
        void denied(Denied message);

        /** Answers a ping. */
        void pong(Pong message);
    }

    /**
     * The nonce every join of this connection signs; always the first message.
     *
     * @param nonce {@link SwarmProtocol#NONCE_BYTES} random bytes
     */
    record Challenge(ByteBuffer nonce) implements ServerMessage {
        /** Checks the bounds. */
        public Challenge {
            nonce = Bounds.exactly("nonce", nonce, SwarmProtocol.NONCE_BYTES);
        }

        @Override
        public void deliver(Sink sink) {
            sink.challenge(this);
        }
    }

    /**
     * The peer is a member now, or its credential was renewed.
     *
     * @param members how many members the swarm has, this one included; at least 1
     */
    record Joined(SwarmId swarm, int members) implements ServerMessage {
        /** Checks the bounds. */
        public Joined {
            Bounds.number("members", members, 1, Integer.MAX_VALUE);
        }

        @Override
        public void deliver(Sink sink) {
            sink.joined(this);
        }
    }

    /**
     * The peer's place among the members who serve. Follows each {@link Joined}, and comes unasked where the peer has
     * another place, or there are clearly more or fewer of them.
     *
     * @param seat -1 for a member who does not serve
     */
    record Seated(SwarmId swarm, Seat seat) implements ServerMessage {
        /** Checks the bounds. */
        public Seated {
            Bounds.number("seats", seat.count(), 0, SwarmProtocol.MAX_SEATS);
        }

        @Override
        public void deliver(Sink sink) {
            sink.seated(this);
        }
    }

    /**
     * Members worth connecting to. May come unasked: a tracker tells those it named to a newcomer of the newcomer.
     *
     * @param peers their peer keys, at most {@link SwarmProtocol#MAX_PEERS}
     */
    record Peers(SwarmId swarm, List<VerifyingKey> peers) implements ServerMessage {
        /** Checks the bounds and keeps a copy. */
        public Peers {
            Bounds.number("peers", peers.size(), 0, SwarmProtocol.MAX_PEERS);
            peers = List.copyOf(peers);
        }

        @Override
        public void deliver(Sink sink) {
            sink.peers(this);
        }
    }

    /**
     * Something another member sent; the tracker vouches for its being a member, not for its words.
     *
     * @param from the sender's peer key
     * @param payload 1 to {@link SwarmProtocol#MAX_PAYLOAD_BYTES} bytes
     */
    record Signal(SwarmId swarm, VerifyingKey from, ByteBuffer payload) implements ServerMessage {
        /** Checks the bounds. */
        public Signal {
            payload = Bounds.within("payload", payload, 1, SwarmProtocol.MAX_PAYLOAD_BYTES);
        }

        @Override
        public void deliver(Sink sink) {
            sink.signal(this);
        }
    }

    /** A member that this peer was told of has left. */
    record Gone(SwarmId swarm, VerifyingKey peer) implements ServerMessage {
        @Override
        public void deliver(Sink sink) {
            sink.gone(this);
        }
    }

    /** What was asked for this swarm is refused. */
    record Denied(SwarmId swarm, Reason reason) implements ServerMessage {
        /** Why the tracker refuses. */
        public enum Reason {
            /** The credential or the join's signature is not authentic. */
            NOT_AUTHENTIC,
            /** The credential is out of date: join with a fresh one. */
            EXPIRED,
            /** This peer has not joined the swarm, or the one it signals has not. */
            NOT_MEMBER,
            /** The connection has joined as many swarms as it may, or the swarm is full. */
            FULL
        }

        @Override
        public void deliver(Sink sink) {
            sink.denied(this);
        }
    }

    /** Answers a {@link ClientMessage.Ping}. */
    record Pong() implements ServerMessage {
        @Override
        public void deliver(Sink sink) {
            sink.pong(this);
        }
    }
}
