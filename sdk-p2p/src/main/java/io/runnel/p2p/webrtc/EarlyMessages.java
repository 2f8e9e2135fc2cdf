package io.runnel.p2p.webrtc;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a peer sent before the channel was known to be open: an honest one sends a few short messages. */
final class EarlyMessages {
    static final long MAX_BYTES = 4 << 20;

    /** What a waiting message takes beside its bytes. */
    static final int MESSAGE_BYTES = 512;

    private final List<ByteBuffer> messages = new ArrayList<>();
    private long bytes;

    /** Keeps it, unless that is too much; then false. */
    boolean add(ByteBuffer message) {
        long more = bytes + message.remaining() + MESSAGE_BYTES;
        boolean keeps = more <= MAX_BYTES;
        if (keeps) {
            bytes = more;
            messages.add(message);
        }
        return keeps;
    }

    /** In the order in which they came. */
    List<ByteBuffer> all() {
        return messages;
    }
}
