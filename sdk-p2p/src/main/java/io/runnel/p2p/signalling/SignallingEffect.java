package io.runnel.p2p.signalling;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.p2p.signalling.message.ClientMessage;
import io.runnel.source.Seat;
import java.nio.ByteBuffer;

/** What a {@link SignallingMachine} wants done, in order. */
public sealed interface SignallingEffect {
    /** Calls the method of {@code sink} for this effect. */
    void deliver(Sink sink);

    /** One method for each effect. */
    interface Sink {
        /** Connect to the tracker; come back with opened or closed. */
        void connect(Connect effect);

        /** Send a message to the tracker. */
        void say(Say effect);

        /** Close the channel to the tracker; come back with closed. */
        void disconnect(Disconnect effect);

        /** Obtain a fresh ticket; come back with enter or ticketFailed. */
        void renew(Renew effect);

        /** Start a link as the side that offers. */
        void offer(Offer effect);

        /** Start a link as the side that answers. */
        void answer(Answer effect);

        /** Hand the other side's answer to the link. */
        void accept(Accept effect);

        /** Close a link. */
        void drop(Drop effect);

        /** A connected peer may know that this side is in a swarm: open its blob towards it. */
        void meet(Meet effect);

        /** This side has a place in a swarm, or another than before. */
        void seated(Seated effect);

        /** Show a connected peer this side's newest credential. */
        void show(Show effect);

        /**
         * Say what connections have carried: come back with {@link SignallingMachine#weighed}. Where nothing is said all
         * keep their places.
         */
        default void weigh(Weigh effect) {}

        /** A connected peer broke the protocol: ban it. */
        void misbehaved(Misbehaved effect);

        /** Come back at this time; replaces the time asked for before. */
        void wakeAt(WakeAt effect);
    }

    /** The tracker is wanted. */
    record Connect() implements SignallingEffect {
        @Override
        public void deliver(Sink sink) {
            sink.connect(this);
        }
    }

    /** Something for the tracker. */
    record Say(ClientMessage message) implements SignallingEffect {
        @Override
        public void deliver(Sink sink) {
            sink.say(this);
        }
    }

    /** The tracker is not wanted any more, or does not behave. */
    record Disconnect(int code, String reason) implements SignallingEffect {
        @Override
        public void deliver(Sink sink) {
            sink.disconnect(this);
        }
    }

    /** The ticket of this swarm is half used up, was refused, or was no good from the start. */
    record Renew(SwarmId swarm) implements SignallingEffect {
        @Override
        public void deliver(Sink sink) {
            sink.renew(this);
        }
    }

    /** A link to make. */
    record Offer(VerifyingKey peer, SessionId session) implements SignallingEffect {
        @Override
        public void deliver(Sink sink) {
            sink.offer(this);
        }
    }

    /**
     * A link to make.
     *
     * @param sdp the other side's offer, checked
     * @param mayUpload whether the peer's credential lets it serve
     */
    record Answer(VerifyingKey peer, SessionId session, String sdp, boolean mayUpload) implements SignallingEffect {
        @Override
        public void deliver(Sink sink) {
            sink.answer(this);
        }
    }

    /**
     * An answer to an offer of this side's.
     *
     * @param sdp the other side's answer, checked
     * @param mayUpload whether the peer's credential lets it serve
     */
    record Accept(VerifyingKey peer, SessionId session, String sdp, boolean mayUpload) implements SignallingEffect {
        @Override
        public void deliver(Sink sink) {
            sink.accept(this);
        }
    }

    /** A link that is not wanted any more. */
    record Drop(VerifyingKey peer, SessionId session) implements SignallingEffect {
        @Override
        public void deliver(Sink sink) {
            sink.drop(this);
        }
    }

    /** A swarm in common. */
    record Meet(VerifyingKey peer, SwarmId swarm) implements SignallingEffect {
        @Override
        public void deliver(Sink sink) {
            sink.meet(this);
        }
    }

    /** This side's place among those of a swarm who serve. */
    record Seated(SwarmId swarm, Seat seat) implements SignallingEffect {
        @Override
        public void deliver(Sink sink) {
            sink.seated(this);
        }
    }

    /**
     * A credential of this side's.
     *
     * @param credential encoded, read-only
     */
    record Show(VerifyingKey peer, ByteBuffer credential) implements SignallingEffect {
        @Override
        public void deliver(Sink sink) {
            sink.show(this);
        }
    }

    /** Connections to be weighed. */
    record Weigh() implements SignallingEffect {
        @Override
        public void deliver(Sink sink) {
            sink.weigh(this);
        }
    }

    /**
     * A proof of ill will or a broken build.
     *
     * @param what the rule that was broken
     */
    record Misbehaved(VerifyingKey peer, String what) implements SignallingEffect {
        @Override
        public void deliver(Sink sink) {
            sink.misbehaved(this);
        }
    }

    /**
     * A time to come back; replaces the one asked for before.
     *
     * @param nanos on the clock of the inputs
     */
    record WakeAt(long nanos) implements SignallingEffect {
        @Override
        public void deliver(Sink sink) {
            sink.wakeAt(this);
        }
    }
}
