package io.runnel.p2p.signalling;

/** What is remembered of a peer, also where it was forgotten since: who leaves and comes again does not begin anew. */
final class Past {
    final Attempts attempts = new Attempts();

    /** Until when nobody gives way to it. */
    long restsUntilNanos;
}
