package io.runnel.keys;

import java.io.IOException;
import java.io.Serial;
import java.util.Objects;

/** A key was not given. The message says what to do and holds no key, token or address. */
public final class KeyException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Why a key was not given. */
    public enum Reason {
        /** The app server does not know the blob. */
        NOT_FOUND,
        /** The app server knows this client and refuses it this blob, or does not accept its token. */
        DENIED,
        /** This client was revoked. Final. */
        REVOKED,
        /** The app server cannot be reached, or its answer did not come in time. */
        UNAVAILABLE,
        /** The envelope that came is malformed, for someone else, expired or forged. */
        BAD_ENVELOPE,
        /** The key source was closed. */
        CLOSED
    }

    private final Reason reason;

    /** A refusal with its reason. */
    public KeyException(Reason reason, String message) {
        super(Objects.requireNonNull(message, "message"));
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
