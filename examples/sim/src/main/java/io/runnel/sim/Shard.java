package io.runnel.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Viewers that are run by one thread at a time, and their events. Viewers of several shards reach each other by letters,
 * which are read when the next window begins: no message takes less time than a window is long, so that none is late, and
 * what happens does not depend on how many threads there are.
 */
final class Shard {
    /** No message between two viewers takes less time than this. */
    static final int WINDOW_MILLIS = 8;

    /** Room for what comes before a payload in a message. */
    private static final int LONGEST_HEAD = 64;

    private final EventQueue events;

    /** A message as it is received: its head ends where the payload, which is zeros, begins. */
    private final ByteBuffer scratch = ByteBuffer.allocate(1 << 18);

    /** Letters to others. The lists are made by the thread that fills them, so that no other thread writes beside. */
    private final Map<Shard, List<Runnable>> sent = new HashMap<>();

    private final List<List<Runnable>> received = new ArrayList<>();

    Shard(EventQueue events) {
        this.events = events;
    }

    EventQueue events() {
        return events;
    }

    /** Has something done in another shard when the next window begins; in this one, at once. */
    void send(Shard to, Runnable letter) {
        if (to == this) {
            letter.run();
        } else {
            sent.computeIfAbsent(to, each -> new ArrayList<>()).add(letter);
        }
    }

    /** Between two windows: hands its letters to the others. */
    void post() {
        sent.forEach((to, letters) -> to.received.add(letters));
        sent.clear();
    }

    /** Runs one window. */
    void runUntil(long endMillis) {
        received.forEach(letters -> letters.forEach(Runnable::run));
        received.clear();
        events.runUntil(endMillis);
    }

    /** The parts of a message in one buffer, good until the next call. Payloads are zeros, so only the head is written. */
    ByteBuffer oneBuffer(List<ByteBuffer> parts) {
        ByteBuffer head = parts.get(0);
        if (parts.size() == 1) {
            return head.duplicate();
        }
        int length = LONGEST_HEAD;
        for (ByteBuffer part : parts.subList(1, parts.size())) {
            length += part.remaining();
        }
        int first = LONGEST_HEAD - head.remaining();
        scratch.put(first, head, head.position(), head.remaining());
        return scratch.duplicate().position(first).limit(length);
    }
}
