package io.runnel.sim;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

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

    private final int number;
    private final EventQueue events;
    private final Measured measured = new Measured();

    /** A message as it is received: its head ends where the payload, which is zeros, begins. */
    private final ByteBuffer scratch = ByteBuffer.allocate(1 << 18);

    /** To each shard, by its number. */
    private final List<List<Runnable>> sent = new ArrayList<>();

    private final List<List<Runnable>> received = new ArrayList<>();

    Shard(int number, int shards, EventQueue events) {
        this.number = number;
        this.events = events;
        for (int i = 0; i < shards; i++) {
            sent.add(new ArrayList<>());
        }
    }

    EventQueue events() {
        return events;
    }

    Measured measured() {
        return measured;
    }

    /** Has something done in another shard when the next window begins; in this one, at once. */
    void send(Shard to, Runnable letter) {
        if (to == this) {
            letter.run();
        } else {
            sent.get(to.number).add(letter);
        }
    }

    /** Between two windows: hands its letters to the others. */
    void post(List<Shard> shards) {
        for (int i = 0; i < shards.size(); i++) {
            if (!sent.get(i).isEmpty()) {
                shards.get(i).received.add(sent.get(i));
                sent.set(i, new ArrayList<>());
            }
        }
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
