package io.runnel.devserver.keys;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The running epoch and the one after it, back to back. An epoch's id is the millisecond it starts at, so that ids rise
 * with the clock, across restarts too. For one thread.
 */
final class EpochSchedule implements AutoCloseable {
    private static final long LONGEST_LEAD_MILLIS = 30_000;

    /** By so much the clock may go back and be waited for; clients' keyrings bear as much. */
    private static final long MOST_BACK_MILLIS = 30_000;

    private final long lengthMillis;
    private final long graceMillis;
    private Epoch current;
    private Epoch next;

    /**
     * Starts the first epoch now.
     *
     * @param length at least a millisecond
     * @param grace at most the length
     */
    EpochSchedule(Duration length, Duration grace, long nowMillis) {
        lengthMillis = length.toMillis();
        graceMillis = grace.toMillis();
        if (lengthMillis < 1 || graceMillis < 0 || graceMillis > lengthMillis) {
            throw new IllegalArgumentException("epoch: length must be 1 ms or more and grace 0 to the length");
        }
        current = startingAt(nowMillis);
        next = startingAt(current.notAfter());
    }

    Epoch current() {
        return current;
    }

    /**
     * Moves on to the epoch that runs now and wipes the secrets of those that ended. Where the clock was ahead and has been
     * set right, the running epoch would last until its time comes again: it ends, and another starts now.
     *
     * @return whether that was so: whoever was told of an epoch holds none that counts
     */
    boolean advance(long nowMillis) {
        if (nowMillis < current.notBefore() - MOST_BACK_MILLIS) {
            close();
            current = startingAt(nowMillis);
            next = startingAt(current.notAfter());
            return true;
        }
        while (nowMillis >= current.notAfter()) {
            current.close();
            if (nowMillis >= next.notAfter()) {
                // The machine slept through whole epochs: go on from now.
                next.close();
                next = startingAt(nowMillis);
            }
            current = next;
            next = startingAt(current.notAfter());
        }
        return false;
    }

    /** How far ahead of its start an epoch is announced at most: a tenth of it, at most 30 s; at least 1 ms. */
    long longestLeadMillis() {
        return longestLeadMillis(lengthMillis);
    }

    static long longestLeadMillis(long lengthMillis) {
        return Math.max(1, Math.min(LONGEST_LEAD_MILLIS, lengthMillis / 10));
    }

    /**
     * The epochs a client is to be told of now: the running one, and the next once it is near.
     *
     * @param lastTold the id of the last epoch the client was told of, -1 for none
     * @param leadMillis how near is near
     */
    List<Epoch> due(long lastTold, long leadMillis, long nowMillis) {
        List<Epoch> due = new ArrayList<>(2);
        if (lastTold < current.id()) {
            due.add(current);
        }
        if (lastTold < next.id() && nowMillis >= next.notBefore() - leadMillis) {
            due.add(next);
        }
        return due;
    }

    @Override
    public void close() {
        current.close();
        next.close();
    }

    private Epoch startingAt(long start) {
        return new Epoch(start, start, start + lengthMillis, start + lengthMillis + graceMillis);
    }
}
