package io.runnel.source;

import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.util.Objects;

/**
 * A source could not deliver. To the engine this is an event, not a failure of the fetch: another source takes over.
 */
public final class SourceException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Why a source did not deliver. */
    public enum Reason {
        /** The source does not have the blob. */
        NOT_FOUND,
        /** The source refuses this client: HTTP 401 or 403, a credential out of date. */
        DENIED,
        /** No connection, or it broke. */
        UNREACHABLE,
        /** Nothing came in time. */
        TIMED_OUT,
        /** The source asks to be left alone for a while: HTTP 429 or 503, a peer without a free slot. */
        BUSY,
        /** What came breaks the protocol: a wrong range, length or frame. Nothing of it was passed on. */
        PROTOCOL,
        /** The source was closed or has left. */
        CLOSED
    }

    private final Reason reason;
    private final Duration retryAfter;

    /**
     * A failure of a source.
     *
     * @param message names the source and what happened; no token, query string, IP address or SDP
     */
    public SourceException(Reason reason, String message) {
        this(reason, message, Duration.ZERO);
    }

    /**
     * A failure of a source that says when to come back.
     *
     * @param retryAfter not negative; zero where the source said nothing. More than a day counts as a day
     * @throws IllegalArgumentException if {@code retryAfter} is negative
     */
    public SourceException(Reason reason, String message, Duration retryAfter) {
        super(Objects.requireNonNull(message, "message"));
        this.reason = Objects.requireNonNull(reason, "reason");
        this.retryAfter = Objects.requireNonNull(retryAfter, "retryAfter");
        if (retryAfter.isNegative()) {
            throw new IllegalArgumentException("retryAfter: " + retryAfter + ", must not be negative");
        }
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** How long the source wants to be left alone; zero where it said nothing. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
