package io.runnel.p2p.signalling;

import java.util.random.RandomGenerator;

/** A swarm that cannot be entered yet, since no ticket for it was any good: when another is asked for. */
final class Awaited {
    private int failures;
    long askAtNanos;

    /** A ticket was no good, or none could be had. */
    void failed(long now, RandomGenerator random) {
        failures++;
        askAtNanos = now + Backoff.nanos(failures, random);
    }
}
