package io.runnel.engine.plan;

/** Counts of one client, over all blobs: requests, and groups for the bound on hedges. */
final class Tally {
    /** Hedged groups that are allowed before anything has arrived: two hedges. */
    private static final long FIRST_HEDGED_GROUPS = 16;

    long asks;
    long delivered;
    long hedged;

    boolean mayHedge() {
        return hedged < FIRST_HEDGED_GROUPS + delivered / PlanRules.HEDGE_SHARE;
    }
}
