package io.runnel.p2p.exchange;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Gathers the effects of one input, and counts what the transport has not taken yet. */
final class Outbox {
    private List<ExchangeEffect> effects = new ArrayList<>();
    private final ArrayDeque<Integer> untakenFrames = new ArrayDeque<>();
    private long untakenBytes;
    private long takenOfFirst;

    void add(ExchangeEffect effect) {
        effects.add(effect);
    }

    void send(Frame frame) {
        List<ByteBuffer> parts = FrameCodec.encode(frame);
        int size = 0;
        for (ByteBuffer part : parts) {
            size += part.remaining();
        }
        untakenBytes += size;
        untakenFrames.add(size);
        effects.add(new ExchangeEffect.Send(parts));
    }

    void refuse(long id, Frame.Refuse.Refusal reason, long retryAfterMillis) {
        send(new Frame.Refuse(id, reason, retryAfterMillis));
    }

    void taken(long bytes) {
        untakenBytes -= bytes;
        takenOfFirst += bytes;
        while (!untakenFrames.isEmpty() && takenOfFirst >= untakenFrames.element()) {
            takenOfFirst -= untakenFrames.remove();
        }
    }

    /** Whether the peer takes so little of what it is sent that no more may gather. */
    boolean clogged() {
        return untakenBytes + ExchangeProtocol.FRAME_COST_BYTES * untakenFrames.size()
                > ExchangeProtocol.MAX_UNTAKEN_BYTES;
    }

    long untakenBytes() {
        return untakenBytes;
    }

    List<ExchangeEffect> drain() {
        if (effects.isEmpty()) {
            return List.of();
        }
        List<ExchangeEffect> out = effects;
        effects = new ArrayList<>();
        return out;
    }
}
