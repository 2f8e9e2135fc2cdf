package io.runnel.sim;

/** How a peer behaves. All but the honest say that they hold everything. */
enum Manner {
    /** As the SDK does. */
    HONEST,
    /** Delivers bytes that are not the blob's. */
    LIAR,
    /** Never answers a request. */
    MUTE,
    /** Answers at a crawl. */
    TRICKLE,
    /** Sends what is no frame. */
    JUNK,
    /** Serves for a while, then never answers again. */
    FALLS_SILENT,
    /** Answers each request seconds late. */
    LATE,
    /** Serves and pauses in turn. */
    BURSTS,
    /** Refuses what it said it holds. */
    REFUSES;

    private static final long SERVES_MILLIS = 20_000;
    private static final long LATE_MILLIS = 2_000;
    private static final long BURST_MILLIS = 1_000;
    private static final long BURST_EACH_MILLIS = 2_500;

    /**
     * How long it lets a request wait before it answers; {@link Long#MAX_VALUE} where it never does.
     *
     * @param openMillis how long it has been connected
     */
    long waitMillis(long openMillis) {
        long inBurst = openMillis % BURST_EACH_MILLIS;
        return switch (this) {
            case HONEST, LIAR, TRICKLE, JUNK, REFUSES -> 0;
            case MUTE -> Long.MAX_VALUE;
            case FALLS_SILENT -> openMillis < SERVES_MILLIS ? 0 : Long.MAX_VALUE;
            case LATE -> LATE_MILLIS;
            case BURSTS -> inBurst < BURST_MILLIS ? 0 : BURST_EACH_MILLIS - inBurst;
        };
    }
}
