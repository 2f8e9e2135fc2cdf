package io.runnel.http.keys;

import io.runnel.http.keys.Standing.Phase;
import io.runnel.keys.KeyException;

/** The connection as the desks see it. Not thread-safe. */
final class Session implements KeysSession {
    private final Standing standing;
    private final ServerClock clock;
    private long requests;

    Session(Standing standing, ServerClock clock) {
        this.standing = standing;
        this.clock = clock;
    }

    @Override
    public boolean isOpen() {
        return standing.is(Phase.OPEN);
    }

    @Override
    public long nextRequest() {
        return ++requests;
    }

    /** Whether a request ever had this number. */
    boolean asked(long request) {
        return request >= 1 && request <= requests;
    }

    @Override
    public KeyException none() {
        return standing.none();
    }

    @Override
    public long serverMillis(long nowMillis) {
        return clock.serverMillis(nowMillis);
    }
}
