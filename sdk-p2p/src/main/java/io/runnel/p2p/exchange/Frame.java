package io.runnel.p2p.exchange;

import io.runnel.crypto.SwarmId;
import io.runnel.source.GroupRange;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One message of the exchange protocol. A blob is named by the index its sender gave it in an {@link Open}; a question by
 * an id that its asker makes strictly larger each time.
 */
sealed interface Frame {
    /** Calls the method of {@code sink} for this frame. */
    void deliver(Sink sink) throws MalformedFrameException;

    /** One method for each frame. Each may refuse a frame that does not fit the conversation. */
    interface Sink {
        void hello(Hello frame) throws MalformedFrameException;

        void open(Open frame) throws MalformedFrameException;

        void close(Close frame) throws MalformedFrameException;

        void have(Have frame) throws MalformedFrameException;

        void tree(Tree frame) throws MalformedFrameException;

        void treeBytes(TreeBytes frame) throws MalformedFrameException;

        void request(Request frame) throws MalformedFrameException;

        void groups(Groups frame) throws MalformedFrameException;

        void refuse(Refuse frame) throws MalformedFrameException;

        void cancel(Cancel frame) throws MalformedFrameException;

        void bye(Bye frame) throws MalformedFrameException;

        void credential(Credential frame) throws MalformedFrameException;

        void serving(Serving frame) throws MalformedFrameException;
    }

    /** The first frame each way. A version other than this one's is a goodbye, not a fault. */
    record Hello(int version, boolean serves, int maxFrameBytes, int maxRequests) implements Frame {
        @Override
        public void deliver(Sink sink) throws MalformedFrameException {
            sink.hello(this);
        }
    }

    /** From now on the index names this swarm's blob in what the sender says. */
    record Open(int index, SwarmId swarm) implements Frame {
        @Override
        public void deliver(Sink sink) throws MalformedFrameException {
            sink.open(this);
        }
    }

    /** The index names nothing any more. */
    record Close(int index) implements Frame {
        @Override
        public void deliver(Sink sink) throws MalformedFrameException {
            sink.close(this);
        }
    }

    /** What the sender holds: all of it, or what came on top of what it said before. Runs ascend with gaps between. */
    record Have(int index, boolean added, List<GroupRange> runs) implements Frame {
        @Override
        public void deliver(Sink sink) throws MalformedFrameException {
            sink.have(this);
        }
    }

    /** Asks for a stretch of the outboard. */
    record Tree(long id, int index, long offset, int length) implements Frame {
        @Override
        public void deliver(Sink sink) throws MalformedFrameException {
            sink.tree(this);
        }
    }

    /** Answers a {@link Tree} in full. */
    record TreeBytes(long id, ByteBuffer bytes) implements Frame {
        @Override
        public void deliver(Sink sink) throws MalformedFrameException {
            sink.treeBytes(this);
        }
    }

    /** Asks for groups. Requests are answered one after the other, in the order they were made. */
    record Request(long id, int index, GroupRange groups) implements Frame {
        @Override
        public void deliver(Sink sink) throws MalformedFrameException {
            sink.request(this);
        }
    }

    /** The next whole groups of a {@link Request}. */
    record Groups(long id, long firstGroup, ByteBuffer bytes) implements Frame {
        @Override
        public void deliver(Sink sink) throws MalformedFrameException {
            sink.groups(this);
        }
    }

    /** Ends a {@link Tree} or {@link Request} that will not be answered, or not any further. */
    record Refuse(long id, Refusal reason, long retryAfterMillis) implements Frame {
        enum Refusal implements Coded {
            BUSY(1),
            NOT_HELD(2),
            GONE(3),
            CANCELLED(4),
            FAILED(5),
            NOT_SERVING(6);

            private final int code;

            Refusal(int code) {
                this.code = code;
            }

            @Override
            public int code() {
                return code;
            }
        }

        @Override
        public void deliver(Sink sink) throws MalformedFrameException {
            sink.refuse(this);
        }
    }

    /** Asks that a {@link Request} be answered no further; a refusal says where it stopped, unless it was done already. */
    record Cancel(long id) implements Frame {
        @Override
        public void deliver(Sink sink) throws MalformedFrameException {
            sink.cancel(this);
        }
    }

    /** The last frame: the sender closes the connection. */
    record Bye(Parting reason) implements Frame {
        enum Parting implements Coded {
            LEAVING(1),
            RECONNECT(2),
            REFUSED(3);

            private final int code;

            Parting(int code) {
                this.code = code;
            }

            @Override
            public int code() {
                return code;
            }
        }

        @Override
        public void deliver(Sink sink) throws MalformedFrameException {
            sink.bye(this);
        }
    }

    /** From now on the sender answers what is asked of it, or refuses all; at first it is as its {@link Hello} says. */
    record Serving(boolean serves) implements Frame {
        @Override
        public void deliver(Sink sink) throws MalformedFrameException {
            sink.serving(this);
        }
    }

    /** Shows a renewed peer credential, or one of another collection. */
    record Credential(ByteBuffer encoded) implements Frame {
        @Override
        public void deliver(Sink sink) throws MalformedFrameException {
            sink.credential(this);
        }
    }
}
