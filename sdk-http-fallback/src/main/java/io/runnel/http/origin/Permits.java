package io.runnel.http.origin;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Bounds how many ranges are in flight or wait for delivery, over all transfers. First come, first served: transfers ask
 * for one at a time, so they take turns. Safe for use on any thread; a waiter is called outside the lock.
 */
final class Permits {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int free;

    Permits(int count) {
        free = count;
    }

    /** Calls {@code granted} once there is a permit for it, perhaps at once; it must only hop to its own thread. */
    void acquire(Runnable granted) {
        synchronized (this) {
            if (free == 0) {
                waiting.add(granted);
                return;
            }
            free--;
        }
        granted.run();
    }

    /** Gives a permit back. */
    void release() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                free++;
                return;
            }
        }
        next.run();
    }
}
