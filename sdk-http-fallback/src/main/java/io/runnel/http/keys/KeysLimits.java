package io.runnel.http.keys;

import io.runnel.http.retry.FullJitter;
import java.time.Duration;

/**
 * How long the keys channel waits for what, in milliseconds.
 *
 * @param connectMillis how long a request waits for a connection
 * @param answerMillis how long a request waits for its answer, and a connection for its welcome
 * @param epochMillis how long an envelope waits for its epoch's key
 * @param pingMillis between questions for the server's time
 * @param backOff between attempts to connect
 */
public record KeysLimits(long connectMillis, long answerMillis, long epochMillis, long pingMillis, FullJitter backOff) {
    /** Requests that wait at most; further ones are refused. */
    static final int MAX_WAITING = 1024;

    /** A connector that gave no answer by then never will: the SDK's own needs at most half of it once it has an address. */
    static final long CONNECTING_MILLIS = 60_000;

    /**
     * How long a request may see nothing at all from the server before a ping is to show whether the channel is alive. Longer
     * than a request and its answer take on the slowest line that plays anything.
     */
    static final long DOUBT_MILLIS = 2_000;

    /**
     * How long a ping may then be followed by nothing before the channel counts as dead. A packet that was lost is sent again
     * several times by then, and of the 10 s that a request waits as a rule half are left: 1 s at most before the next
     * connection, the rest to open it and ask again.
     */
    static final long PONG_MILLIS = 3_000;

    /** A session that lasted this long starts the back-off anew. */
    static final long STEADY_MILLIS = 10_000;

    /** As the protocol says, with the given waits for a connection and an answer. */
    public static KeysLimits usual(Duration connect, Duration answer) {
        return new KeysLimits(
                connect.toMillis(),
                answer.toMillis(),
                5_000,
                60_000,
                new FullJitter(Duration.ofSeconds(1), Duration.ofSeconds(60)));
    }
}
