package io.runnel.p2p.exchange;

import java.nio.ByteBuffer;

/**
 * Bounds how many messages a peer may send that carry nothing: each is legal, but all together they are work. What is
 * more work than others counts as several.
 */
final class Chatter {
    private static final double NANOS_PER_MESSAGE = 1e9 / ExchangeProtocol.CHATTER_PER_SECOND;

    private double left = ExchangeProtocol.CHATTER_BURST;
    private long lastNanos;

    /** A message came; those with groups or trees do not count, since no more of them may come than were asked for. */
    void heard(ByteBuffer message, long now) throws MalformedFrameException {
        byte type = message.hasRemaining() ? message.get(message.position()) : 0;
        if (type == FrameCodec.GROUPS || type == FrameCodec.TREE_BYTES) {
            return;
        }
        left = Math.min(ExchangeProtocol.CHATTER_BURST, left + (now - lastNanos) / NANOS_PER_MESSAGE);
        lastNanos = now;
        if (left < 1) {
            throw new MalformedFrameException("more messages than anyone needs");
        }
        left--;
    }

    /** What was heard is as much work as so many more messages: with none left, the next is one too many. */
    void worked(double messages) {
        left -= messages;
    }
}
