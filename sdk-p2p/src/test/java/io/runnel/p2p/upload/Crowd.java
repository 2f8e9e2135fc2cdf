package io.runnel.p2p.upload;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Peers that ask a governor in virtual time, and a record of what each was sent. Timers come late, as real ones do. */
final class Crowd {
    private record Event(long at, long order, Runnable action) {}

    /** A permit, as it was given. */
    record Sent(long at, Asker peer, long bytes) {}

    final UploadGovernor<Asker> governor = new UploadGovernor<>();
    final List<Sent> sent = new ArrayList<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            (a, b) -> a.at() != b.at() ? Long.compare(a.at(), b.at()) : Long.compare(a.order(), b.order()));
    private final Random random;
    private final long lateNanos;
    private long order;
    private long wakeAsked = Long.MAX_VALUE;
    long now;

    Crowd(long seed, long lateMillis) {
        random = new Random(seed);
        lateNanos = TimeUnit.MILLISECONDS.toNanos(lateMillis);
    }

    void at(long delayNanos, Runnable action) {
        events.add(new Event(now + delayNanos, order++, action));
    }

    void run(long nanos) {
        long until = now + nanos;
        Event next = events.peek();
        while (next != null && next.at() <= until) {
            events.remove();
            now = next.at();
            next.action().run();
            decide();
            next = events.peek();
        }
        now = until;
    }

    private void decide() {
        List<UploadDecision<Asker>> decisions = governor.decide(now);
        while (!decisions.isEmpty()) {
            decisions.forEach(decision -> decision.peer().hear(decision));
            decisions = governor.decide(now);
        }
        long wake = governor.wakeNanos();
        if (wake < wakeAsked) {
            wakeAsked = wake;
            long late = lateNanos == 0 ? 0 : random.nextLong(lateNanos);
            at(Math.max(0, wake - now) + late, () -> wakeAsked = Long.MAX_VALUE);
        }
    }

    /** A peer that wants all it can get, and asks again at once whatever it is told. */
    Asker addGreedy(String name) {
        Asker asker = add(name, 1L << 40, 0);
        asker.impatient = true;
        return asker;
    }

    /** A peer that takes back what it asked for a while after it was permitted, and asks anew. */
    Asker addFickle(String name, long requestBytes, long thinkMillis) {
        Asker asker = add(name, requestBytes, thinkMillis);
        asker.fickle = true;
        return asker;
    }

    /** A peer that has so much asked for at a time, and asks for more a while after it was sent it. */
    Asker add(String name, long requestBytes, long thinkMillis) {
        return new Asker(name, requestBytes, TimeUnit.MILLISECONDS.toNanos(thinkMillis));
    }

    final class Asker {
        private final String name;
        private final long requestBytes;
        private final long thinkNanos;
        private long open;
        private long askedAt;
        private boolean gone;
        private boolean fickle;
        private boolean impatient;
        long bytes;
        int declined;

        /** The longest it was left without an answer. */
        long longestWaitNanos;

        @Nullable Long firstSentAt;

        private Asker(String name, long requestBytes, long thinkNanos) {
            this.name = name;
            this.requestBytes = requestBytes;
            this.thinkNanos = thinkNanos;
            at(random.nextInt(1_000_000), this::ask);
        }

        private void ask() {
            if (!gone) {
                open = requestBytes;
                want();
            }
        }

        private void want() {
            askedAt = now;
            governor.want(this, Math.min(open, UploadGovernor.MOST_PIECE), now);
        }

        private void hear(UploadDecision<Asker> decision) {
            longestWaitNanos = Math.max(longestWaitNanos, now - askedAt);
            if (decision.declines()) {
                declined++;
                open = 0;
                long again = impatient ? 1 : decision.retryAfterMillis() + random.nextInt(300);
                at(TimeUnit.MILLISECONDS.toNanos(again), this::ask);
                return;
            }
            if (fickle) {
                at(thinkNanos, () -> {
                    governor.giveBack(decision.bytes(), now);
                    ask();
                });
                return;
            }
            bytes += decision.bytes();
            open -= decision.bytes();
            firstSentAt = firstSentAt == null ? Long.valueOf(now) : firstSentAt;
            sent.add(new Sent(now, this, decision.bytes()));
            if (open > 0) {
                want();
            } else if (thinkNanos == 0) {
                ask();
            } else {
                at(thinkNanos, this::ask);
            }
        }

        void leave() {
            gone = true;
            governor.left(this);
        }

        @Override
        public String toString() {
            return name + " " + bytes;
        }
    }
}
