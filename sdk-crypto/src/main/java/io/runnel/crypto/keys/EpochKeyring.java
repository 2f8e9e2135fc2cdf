package io.runnel.crypto.keys;

import io.runnel.crypto.SecretBytes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The epoch keys a client holds: at most three. Each goes from NEXT to CURRENT to GRACE to RETIRED by the server's time,
 * which runs backwards here only where the server itself says in a new session that it was wrong; a retired key is wiped
 * and not taken again. A pure state machine: it has no clock. Not thread-safe.
 */
public final class EpochKeyring implements AutoCloseable {
    /** Keys held at most; a further one retires the oldest. */
    public static final int MAX_KEYS = 3;

    /** By so much the server's time may go back and be waited for; two readings of one clock differ by less. */
    static final long MOST_BACK_MILLIS = 30_000;

    /** What may be done with the key of an epoch. */
    public enum State {
        /** No key was ever given for it. */
        UNKNOWN,
        /** Its key is held and its time has not come; it opens envelopes all the same, for clocks differ a little. */
        NEXT,
        /** Its key opens envelopes. */
        CURRENT,
        /** Its time is over; its key still opens envelopes for a short while. */
        GRACE,
        /** Its key has been wiped. */
        RETIRED
    }

    private record Held(EpochWindow window, SecretBytes key) {}

    private final TreeMap<Long, Held> held = new TreeMap<>();
    private long lastRetired = -1;

    private long nowMillis = Long.MIN_VALUE;

    /** An empty keyring. */
    public EpochKeyring() {}

    /**
     * Takes a key. One for an epoch already held replaces it; one for an epoch already retired is wiped at once.
     *
     * @param clientEpochKey 32 bytes; belongs to the keyring from now on
     */
    @SuppressWarnings(
            "ReferenceEquality") // The same key in another copy: of the two only one is kept, the other wiped.
    public void add(EpochWindow window, SecretBytes clientEpochKey) {
        if (clientEpochKey.size() != Envelopes.KEY_BYTES) {
            throw new IllegalArgumentException(
                    "clientEpochKey: " + clientEpochKey.size() + " bytes, must be " + Envelopes.KEY_BYTES);
        }
        if (window.epochId() <= lastRetired || window.graceUntilMillis() <= nowMillis) {
            clientEpochKey.close();
            return;
        }
        Held before = held.put(window.epochId(), new Held(window, clientEpochKey));
        if (before != null && before.key() != clientEpochKey) {
            before.key().close();
        }
        while (held.size() > MAX_KEYS) {
            retire(held.firstKey());
        }
    }

    /** The state of an epoch; first advances the keyring's time. */
    public State stateOf(long epochId, long nowMillis) {
        advance(nowMillis);
        Held found = held.get(epochId);
        if (found == null) {
            return epochId <= lastRetired ? State.RETIRED : State.UNKNOWN;
        }
        if (this.nowMillis < found.window().notBeforeMillis()) {
            return State.NEXT;
        }
        return this.nowMillis < found.window().notAfterMillis() ? State.CURRENT : State.GRACE;
    }

    /** Lets the server's time be at least this; wipes the keys whose grace is over. An earlier time changes nothing. */
    public void advance(long nowMillis) {
        this.nowMillis = Math.max(this.nowMillis, nowMillis);
        for (Map.Entry<Long, Held> entry : Map.copyOf(held).entrySet()) {
            if (entry.getValue().window().graceUntilMillis() <= this.nowMillis) {
                retire(entry.getKey());
            }
        }
    }

    /**
     * A new session with the server, which was authenticated, begins with this reading of its time. Where that is far
     * behind the time here, the server's clock was wrong before: every key held is wiped, so that none outlives its time,
     * and only what the server gives from now on counts; else it is as {@link #advance}. Not for a reading that anybody
     * else could have made, such as the local clock's.
     */
    public void begin(long nowMillis) {
        if (nowMillis < this.nowMillis && this.nowMillis - nowMillis > MOST_BACK_MILLIS) {
            close();
            lastRetired = -1;
            this.nowMillis = nowMillis;
        }
        advance(nowMillis);
    }

    /** When {@link #advance} next wipes a key, in milliseconds since 1970 by the server's clock; empty if none is held. */
    public Optional<Long> nextRetirementMillis() {
        return held.values().stream()
                .map(key -> key.window().graceUntilMillis())
                .min(Long::compare);
    }

    /** The latest server time this keyring has been told, in milliseconds since 1970. */
    public long nowMillis() {
        return nowMillis;
    }

    /** The key of an epoch that is held; it stays the keyring's. */
    Optional<SecretBytes> keyOf(long epochId) {
        return Optional.ofNullable(held.get(epochId)).map(Held::key);
    }

    /** Wipes all keys; their epochs are retired. Idempotent. */
    @Override
    public void close() {
        while (!held.isEmpty()) {
            retire(held.firstKey());
        }
    }

    private void retire(long epochId) {
        Held gone = held.remove(epochId);
        if (gone != null) {
            gone.key().close();
        }
        lastRetired = Math.max(lastRetired, epochId);
    }
}
