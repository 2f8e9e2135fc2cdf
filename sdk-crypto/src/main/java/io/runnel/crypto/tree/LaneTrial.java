package io.runnel.crypto.tree;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides, while the process runs, whether hashing in lanes is faster here than one block at a time. Lanes win by far
 * once compiled for a CPU with vectors, and lose before that; so the first batches go scalar but for every fourth, and
 * both are timed until one has clearly won. Then nothing is timed any more.
 *
 * <p>All threads share one trial, without a lock: a lost sample costs nothing but another.
 */
final class LaneTrial {
    /** The one of this process. */
    static final LaneTrial SHARED = new LaneTrial();

    /** Scalar samples before a verdict, so that scalar code is compiled by then: 8 MiB. */
    private static final int MIN_SCALAR_SAMPLES = 32;

    /** Samples of both after which a tie is called: about 1 GiB. */
    private static final int MAX_SAMPLES = 4096;

    private static final int LANES_EVERY = 4;

    private enum Verdict {
        OPEN,
        LANES,
        SCALAR
    }

    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger scalarSamples = new AtomicInteger();
    private volatile Verdict verdict = Verdict.OPEN;
    private volatile double bestScalar = Double.MAX_VALUE;

    /** Whether there is nothing more to measure. */
    boolean decided() {
        return verdict != Verdict.OPEN;
    }

    /** Whether the next batch should go in lanes. */
    boolean lanesNext() {
        Verdict now = verdict;
        if (now != Verdict.OPEN) {
            return now == Verdict.LANES;
        }
        int mine = turn.incrementAndGet();
        if (mine > MAX_SAMPLES) {
            verdict = Verdict.SCALAR;
        }
        return mine % LANES_EVERY == 0;
    }

    /** Reports how long a batch of whole groups took. */
    void took(boolean lanes, long nanos, int bytes) {
        double perByte = (double) nanos / bytes;
        if (!lanes) {
            scalarSamples.incrementAndGet();
            bestScalar = Math.min(bestScalar, perByte);
        } else if (scalarSamples.get() >= MIN_SCALAR_SAMPLES && perByte < bestScalar) {
            verdict = Verdict.LANES;
        }
    }
}
