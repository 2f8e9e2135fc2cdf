package io.runnel.p2p.exchange;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Gathers the effects of one input, and counts what the transport has not taken yet. */
final class Outbox {
    private List<ExchangeEffect> effects = new ArrayList<>();
    private long untakenBytes;

    void add(ExchangeEffect effect) {
        effects.add(effect);
    }

    void send(Frame frame) {
        List<ByteBuffer> parts = FrameCodec.encode(frame);
        for (ByteBuffer part : parts) {
            untakenBytes += part.remaining();
        }
        effects.add(new ExchangeEffect.Send(parts));
    }

    void refuse(long id, Frame.Refuse.Refusal reason, long retryAfterMillis) {
        send(new Frame.Refuse(id, reason, retryAfterMillis));
    }

    void taken(long bytes) {
        untakenBytes -= bytes;
    }

    long untakenBytes() {
        return untakenBytes;
    }

    List<ExchangeEffect> drain() {
        List<ExchangeEffect> out = effects;
        effects = new ArrayList<>();
        return out;
    }
}
