package io.runnel.p2p.exchange;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The serving of trees. Each request gets one answer. */
final class TreeProvider {
    private record Asked(Frame.Tree frame, Blob blob) {
        long id() {
            return frame.id();
        }

        int length() {
            return frame.length();
        }
    }

    private final Outbox out;
    private final ReadAhead ahead;

    /** Those whose reading has not begun. */
    private final ArrayDeque<Asked> waiting = new ArrayDeque<>();

    /** Those being read, by the name of the read. */
    private final Map<Long, Asked> reading = new HashMap<>();

    TreeProvider(Outbox out, ReadAhead ahead) {
        this.out = out;
        this.ahead = ahead;
    }

    void add(Frame.Tree frame, Blob blob) throws MalformedFrameException {
        if (frame.offset() > blob.outboardBytes() - frame.length()) {
            throw new MalformedFrameException("a tree beyond the blob");
        }
        if (waiting.size() + reading.size() >= ExchangeProtocol.MAX_REQUESTS) {
            throw new MalformedFrameException("more requests than were agreed");
        }
        waiting.add(new Asked(frame, blob));
    }

    /** What the next read would like to send; 0 where there is none. */
    long nextBytes() {
        Asked next = waiting.peek();
        return next == null ? 0 : next.length();
    }

    /** Begins the next read, where the allowance covers it. */
    boolean read() {
        Asked next = waiting.element();
        if (!ahead.allowance.covers(next.length())) {
            return false;
        }
        waiting.remove();
        long read = ahead.begin(next.length());
        reading.put(read, next);
        out.add(new ExchangeEffect.ReadTree(
                read, next.blob().swarm, next.frame().offset(), next.length()));
        return true;
    }

    /** A read came back: whether it was one of a tree. */
    boolean arrived(long read, @Nullable ByteBuffer bytes) {
        Asked asked = reading.remove(read);
        if (asked == null) {
            return false;
        }
        if (bytes != null && bytes.remaining() == asked.length()) {
            ahead.sent(asked.length());
            out.send(new Frame.TreeBytes(asked.id(), bytes));
        } else {
            ahead.notSent(asked.length());
            out.refuse(asked.id(), bytes == null ? Frame.Refuse.Refusal.FAILED : Frame.Refuse.Refusal.NOT_HELD, 0);
        }
        return true;
    }

    void stopAll(Predicate<Blob> which, Frame.Refuse.Refusal reason, long retryAfterMillis) {
        waiting.removeIf(asked -> stopped(asked, which, reason, retryAfterMillis));
        reading.values().removeIf(asked -> {
            boolean stopped = stopped(asked, which, reason, retryAfterMillis);
            if (stopped) {
                ahead.notSent(asked.length());
            }
            return stopped;
        });
    }

    private boolean stopped(Asked asked, Predicate<Blob> which, Frame.Refuse.Refusal reason, long retryAfterMillis) {
        boolean stops = which.test(asked.blob());
        if (stops) {
            out.refuse(asked.id(), reason, retryAfterMillis);
        }
        return stops;
    }
}
