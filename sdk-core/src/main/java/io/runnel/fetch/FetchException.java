package io.runnel.fetch;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A fetch failed for good: every source that could have helped was tried. The message names the blob, the source and
 * what to do; it holds no key, token, query string or address.
 */
public final class FetchException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Why a fetch failed. */
    public enum Reason {
        /** No source and no app server knows the blob: check the id. */
        NOT_FOUND,
        /** The origin cannot be reached or answers with errors, and no peer has what is missing: try again later. */
        ORIGIN_FAILED,
        /** The origin refuses this client, or what the app supplies headers with failed: the message says which. */
        ORIGIN_DENIED,
        /** What the sources hold is not the blob: it was published wrongly or damaged. */
        INTEGRITY,
        /** The app server did not give the key: check the connection and the client's rights. */
        KEY_UNAVAILABLE,
        /** This client was revoked. Final for this client. */
        KEY_REVOKED,
        /** Nothing arrived for longer than the settings allow. */
        TIMED_OUT,
        /** The local store failed: check the disk. */
        STORE_FAILED,
        /** The blob or the client was closed, or the read was cancelled. */
        CLOSED
    }

    private final Reason reason;

    /** A failure with its reason. */
    public FetchException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** A failure with its reason and what led to it. */
    public FetchException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
