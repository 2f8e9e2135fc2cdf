package io.runnel.engine.plan;

import io.runnel.source.Seat;

/**
 * Who of a swarm fetches a range from the origin, decided by every member alone and alike. With seats, the owners of a
 * range are found by consistent hashing over the seats, so that few ranges change hands when the number of seats does.
 */
public final class Election {
    private Election() {}

    /**
     * Whether a seat is among the owners of a range: the first two are one of all seats each, every other is another with
     * the probability that makes {@code copies} of them on average. Who is an owner stays one as {@code copies} grows. Who
     * has no seat is an owner only where more copies are wanted than there are seats.
     *
     * @param blob a number that all members derive from the blob alike
     */
    public static boolean elected(long blob, long range, Seat seat, int copies) {
        if (seat.index() < 0) {
            return copies > seat.count();
        }
        if (copies >= seat.count()) {
            return true;
        }
        long key = mix(mix(blob) + range);
        double draw = (mix(key ^ mix(seat.index())) >>> 11) * 0x1p-53;
        return draw * seat.count() < copies - 2
                || owner(key, seat.count()) == seat.index()
                || (copies > 1 && owner(mix(key), seat.count()) == seat.index());
    }

    /** Jump consistent hash (Lamping and Veach, 2014): key to one of {@code seats}. */
    static int owner(long key, int seats) {
        long state = key;
        long bucket = -1;
        long next = 0;
        while (next < seats) {
            bucket = next;
            state = state * 2862933555777941757L + 1;
            next = (long) ((bucket + 1) * (double) (1L << 31) / (double) ((state >>> 33) + 1));
        }
        return (int) bucket;
    }

    /** A well mixed number (the finaliser of SplitMix64). */
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
