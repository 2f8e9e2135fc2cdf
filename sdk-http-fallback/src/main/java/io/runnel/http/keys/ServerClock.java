package io.runnel.http.keys;

/** The server's time as a distance from ours. Pure; before the first reading it is ours. */
final class ServerClock {
    private boolean known;
    private long offsetMillis;

    boolean isKnown() {
        return known;
    }

    long serverMillis(long nowMillis) {
        return nowMillis + offsetMillis;
    }

    long localMillis(long serverMillis) {
        return serverMillis - offsetMillis;
    }

    /** A new session began with this reading. */
    void set(long serverMillis, long nowMillis) {
        offsetMillis = serverMillis - nowMillis;
        known = true;
    }

    /** A further reading: what the server said left it a while ago, so of two the later one is nearer the truth. */
    void correct(long serverMillis, long nowMillis) {
        offsetMillis = Math.max(offsetMillis, serverMillis - nowMillis);
    }
}
