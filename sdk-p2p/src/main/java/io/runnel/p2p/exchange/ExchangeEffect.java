package io.runnel.p2p.exchange;

import io.runnel.crypto.SwarmId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceException;
import java.nio.ByteBuffer;
import java.util.List;

/** What an {@link ExchangeMachine} wants done, in order. */
public sealed interface ExchangeEffect {
    /** Calls the method of {@code sink} for this effect. */
    void deliver(Sink sink);

    /** One method for each effect. */
    interface Sink {
        /** Send one message, its parts one after the other. */
        void send(Send effect);

        /** Read groups from the store and come back with {@link ExchangeMachine#read}. */
        void readGroups(ReadGroups effect);

        /** Read a stretch of the outboard from the store and come back with {@link ExchangeMachine#read}. */
        void readTree(ReadTree effect);

        /** Come back with {@link ExchangeMachine#wake} at this time; replaces the time asked for before. */
        void wakeAt(WakeAt effect);

        /** The peer has a blob open: open it here too, if the peer may know of it. */
        void peerOpened(PeerOpened effect);

        /** The peer says what it holds of a blob: it is a source now, or its availability has changed. */
        void available(Available effect);

        /** The peer is no source of a blob any more. Its transfers have ended. */
        void left(Left effect);

        /** The peer says what it holds of a blob, but serves nothing. Nothing need be done. */
        default void holds(Holds effect) {}

        /** So many bytes could be sent: permit them, or some, when they may. Only from a governed machine. */
        default void wants(Wants effect) {}

        /** So many bytes of what was permitted are not sent, now or later: others may have them. */
        default void unused(Unused effect) {}

        /** Groups of a fetch arrived. */
        void delivered(Delivered effect);

        /** Groups arrived of a fetch that had ended before. Does nothing where nothing is said. */
        default void late(Late effect) {}

        /** A fetch got all it asked for. */
        void completed(Completed effect);

        /** A fetch ended early. */
        void failed(Failed effect);

        /** A tree question was answered. */
        void treeArrived(TreeArrived effect);

        /** A tree question was not. */
        void treeFailed(TreeFailed effect);

        /** The peer shows a credential. */
        void credentialShown(CredentialShown effect);

        /** The peer broke the protocol. {@link Closed} follows. */
        void misbehaved(Misbehaved effect);

        /** Close the connection; the machine is at its end. */
        void closed(Closed effect);
    }

    /**
     * One message.
     *
     * @param parts not to be changed until sent
     */
    record Send(List<ByteBuffer> parts) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.send(this);
        }
    }

    /**
     * Groups to read.
     *
     * @param read names the read
     */
    record ReadGroups(long read, SwarmId swarm, GroupRange groups) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.readGroups(this);
        }
    }

    /**
     * A stretch of the outboard.
     *
     * @param read names the read
     * @param offset in bytes
     * @param length in bytes
     */
    record ReadTree(long read, SwarmId swarm, long offset, int length) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.readTree(this);
        }
    }

    /**
     * A time to come back; replaces the one asked for before.
     *
     * @param nanos on the clock of the inputs
     */
    record WakeAt(long nanos) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.wakeAt(this);
        }
    }

    /** The peer named this swarm. */
    record PeerOpened(SwarmId swarm) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.peerOpened(this);
        }
    }

    /**
     * A source, or news of one.
     *
     * @param groups all that the peer says it holds
     */
    record Available(SwarmId swarm, GroupSet groups) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.available(this);
        }
    }

    /**
     * What a peer that serves nothing holds.
     *
     * @param groups all that the peer says it holds
     */
    record Holds(SwarmId swarm, GroupSet groups) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.holds(this);
        }
    }

    /**
     * Leave to send, asked for; replaces what was asked for before.
     *
     * @param bytes 0 for none any more, at most 131,072
     */
    record Wants(long bytes) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.wants(this);
        }
    }

    /**
     * Leave to send that lapsed. What was permitted is, in the end, what was sent of groups and trees and this.
     *
     * @param bytes 1 or more
     */
    record Unused(long bytes) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.unused(this);
        }
    }

    /** The peer is no source of the blob: it is not open on both sides any more, or the peer serves no longer. */
    record Left(SwarmId swarm) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.left(this);
        }
    }

    /**
     * Some groups.
     *
     * @param bytes whole groups, unproven; owned by the receiver
     */
    record Delivered(long transfer, long firstGroup, ByteBuffer bytes) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.delivered(this);
        }
    }

    /**
     * Groups arrived of a fetch that had ended: they were under way when it was cancelled.
     *
     * @param bytes so many
     */
    record Late(SwarmId swarm, int bytes) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.late(this);
        }
    }

    /** All of the transfer has been delivered. */
    record Completed(long transfer) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.completed(this);
        }
    }

    /** The transfer delivers no more. */
    record Failed(long transfer, Failure failure) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.failed(this);
        }
    }

    /**
     * A stretch of the outboard.
     *
     * @param bytes exactly what was asked for, unproven
     */
    record TreeArrived(long question, ByteBuffer bytes) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.treeArrived(this);
        }
    }

    /** The question stays without an answer. */
    record TreeFailed(long question, Failure failure) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.treeFailed(this);
        }
    }

    /**
     * A credential.
     *
     * @param encoded not looked at yet
     */
    record CredentialShown(ByteBuffer encoded) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.credentialShown(this);
        }
    }

    /**
     * A proof of ill will or a broken build.
     *
     * @param what the rule that was broken
     */
    record Misbehaved(String what) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.misbehaved(this);
        }
    }

    /** What is to follow a conversation that is over. */
    enum Ending {
        /** Nothing in particular. */
        PARTED,
        /** A fresh connection, which either side wants. */
        RECONNECT,
        /** No other: the peer speaks another version of this protocol, which it will as long as it runs. */
        OTHER_VERSION
    }

    /** The conversation is over. */
    record Closed(String why, Ending ending) implements ExchangeEffect {
        @Override
        public void deliver(Sink sink) {
            sink.closed(this);
        }
    }

    /**
     * Why something was not delivered.
     *
     * @param retryAfterMillis when to come back; 0 where the peer said nothing
     */
    record Failure(SourceException.Reason reason, String message, long retryAfterMillis) {
        Failure(SourceException.Reason reason, String message) {
            this(reason, message, 0);
        }
    }
}
