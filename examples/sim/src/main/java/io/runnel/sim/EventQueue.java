package io.runnel.sim;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/** Events in order of their time, in whole milliseconds; those of one millisecond in the order they were added. */
final class EventQueue {
    private static final int RING = 1 << 12;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private final ArrayDeque<Runnable>[] ring = new ArrayDeque[RING];

    /** Events beyond the ring, by millisecond. */
    private final TreeMap<Long, ArrayDeque<Runnable>> later = new TreeMap<>();

    private final long mostEachSecond;
    private long nowMillis;
    private long ranThisSecond;

    /**
     * An empty queue.
     *
     * @param mostEachSecond events in one simulated second; more are a livelock
     */
    EventQueue(long mostEachSecond) {
        this.mostEachSecond = mostEachSecond;
    }

    long nowMillis() {
        return nowMillis;
    }

    long nowNanos() {
        return nowMillis * 1_000_000;
    }

    long size() {
        long size = 0;
        for (ArrayDeque<Runnable> bucket : ring) {
            size += bucket == null ? 0 : bucket.size();
        }
        return size + later.values().stream().mapToLong(ArrayDeque::size).sum();
    }

    /** Runs an event after a while; not before the present millisecond's others. */
    void after(long millis, Runnable event) {
        at(nowMillis + millis, event);
    }

    void at(long millis, Runnable event) {
        long when = Math.max(millis, nowMillis);
        if (when - nowMillis < RING) {
            bucket((int) (when & (RING - 1))).add(event);
        } else {
            later.computeIfAbsent(when, each -> new ArrayDeque<>()).add(event);
        }
    }

    private ArrayDeque<Runnable> bucket(int index) {
        ArrayDeque<Runnable> bucket = ring[index];
        if (bucket == null) {
            bucket = new ArrayDeque<>(8);
            ring[index] = bucket;
        }
        return bucket;
    }

    /** Runs all events before a moment. */
    void runUntil(long endMillis) {
        while (nowMillis < endMillis) {
            ArrayDeque<Runnable> due = bucket((int) (nowMillis & (RING - 1)));
            Runnable event = due.poll();
            while (event != null) {
                ranThisSecond++;
                if (ranThisSecond > mostEachSecond) {
                    throw new IllegalStateException("livelock: over " + mostEachSecond + " events in a second");
                }
                event.run();
                event = due.poll();
            }
            nowMillis++;
            ranThisSecond = nowMillis % 1000 == 0 ? 0 : ranThisSecond;
            Map.Entry<Long, ArrayDeque<Runnable>> first = later.firstEntry();
            while (first != null && first.getKey() - nowMillis < RING) {
                later.pollFirstEntry();
                bucket((int) (first.getKey() & (RING - 1))).addAll(first.getValue());
                first = later.firstEntry();
            }
        }
    }
}
