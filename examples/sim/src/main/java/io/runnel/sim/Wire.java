package io.runnel.sim;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * One direction of a connection: messages in order. Long ones wait for the sender's uplink, which takes turns between its
 * wires; short ones cost no time on it but keep their place.
 */
final class Wire {
    /** Messages up to this length take no time on the uplink. */
    private static final int SHORT_BYTES = 2048;

    /** A message on its way. */
    record Message(List<ByteBuffer> parts, int bytes, boolean lie) {
        boolean isShort() {
            return bytes <= SHORT_BYTES;
        }
    }

    private final SimLink from;
    private final SimLink to;
    private final int delayMillis;

    /** The receiver's shard. */
    private final Shard landing;

    /** Whether it waits for its turn on the uplink. */
    boolean queued;

    private final ArrayDeque<Message> waiting = new ArrayDeque<>();

    /** The receiver's. */
    private long lastArrivalMillis;

    Wire(SimLink from, SimLink to, int delayMillis) {
        this.from = from;
        this.to = to;
        this.delayMillis = delayMillis;
        this.landing = to.peer().shard();
    }

    void send(Message message) {
        if (message.isShort() && waiting.isEmpty()) {
            launch(message);
        } else {
            waiting.add(message);
            from.peer().uplink().wants(this);
        }
    }

    /** The next message that the uplink is to carry; short ones before it leave at once. Null where there is none. */
    Message nextLong() {
        Message next = waiting.poll();
        while (next != null && next.isShort()) {
            launch(next);
            next = waiting.poll();
        }
        return next;
    }

    boolean idle() {
        return waiting.isEmpty();
    }

    /** The message has left the uplink, or needs none. */
    void launch(Message message) {
        SimPeer sender = from.peer();
        from.handedOver(message.bytes());
        long arrival = sender.events().nowMillis() + delayMillis + sender.retransmissionMillis();
        sender.shard().send(landing, () -> land(message, arrival));
    }

    /** At the receiver: books it on the downlink. */
    private void land(Message message, long arrivalMillis) {
        long whole = message.isShort() ? arrivalMillis : to.peer().downlinkTakes(arrivalMillis, message.bytes());
        lastArrivalMillis = Math.max(whole, lastArrivalMillis);
        landing.events().at(lastArrivalMillis, () -> to.received(message));
    }
}
