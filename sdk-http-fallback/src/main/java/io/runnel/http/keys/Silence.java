package io.runnel.http.keys;

/**
 * Tells a channel that died without a word, because the client's address changed or a NAT forgot the connection, from a
 * server that is slow: while a request waits, silence is followed by a ping, and where then nothing comes the channel is
 * dead. Whatever is heard shows that it is not, so a slow server costs a ping now and then, and no connection. Pure, one
 * owner.
 */
final class Silence {
    private long heardAt = Long.MIN_VALUE;

    /** When the channel counts as dead unless something is heard. */
    private long hearBy = KeysSession.NEVER;

    void heard(long now) {
        heardAt = now;
        hearBy = KeysSession.NEVER;
    }

    /** The channel is gone, and with it what was asked on it. */
    void over() {
        hearBy = KeysSession.NEVER;
    }

    /** Whether the channel is dead. */
    boolean isTooLong(long now) {
        return now >= hearBy;
    }

    /**
     * Whether a ping is due; then its answer is waited for.
     *
     * @param askedAt when the oldest request without an answer was sent; {@link KeysSession#NEVER} where there is none
     */
    boolean takePing(long askedAt, long now) {
        boolean due = now >= pingAt(askedAt);
        if (due) {
            hearBy = now + KeysLimits.PONG_MILLIS;
        }
        return due;
    }

    long nextWakeMillis(long askedAt) {
        return Math.min(hearBy, pingAt(askedAt));
    }

    private long pingAt(long askedAt) {
        boolean pinged = hearBy != KeysSession.NEVER;
        return pinged || askedAt == KeysSession.NEVER
                ? KeysSession.NEVER
                : Math.max(heardAt, askedAt) + KeysLimits.DOUBT_MILLIS;
    }
}
