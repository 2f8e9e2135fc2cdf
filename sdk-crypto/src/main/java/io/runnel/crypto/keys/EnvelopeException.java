package io.runnel.crypto.keys;

import java.io.Serial;
import java.security.GeneralSecurityException;

/** An envelope was refused. */
public final class EnvelopeException extends GeneralSecurityException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Why, in the order in which an envelope is checked. */
    public enum Reason {
        /** Not an envelope of this version. */
        MALFORMED,
        /** Made for another client. */
        WRONG_CLIENT,
        /** Made for another blob. */
        WRONG_BLOB,
        /** Its time is over: ask for a new one. */
        EXPIRED,
        /** Its epoch's key has not come yet: wait for the push, then ask once more. */
        UNKNOWN_EPOCH,
        /** Its epoch's key has been wiped: ask for a new envelope. */
        EPOCH_RETIRED,
        /** Forged or damaged. */
        NOT_AUTHENTIC
    }

    private final Reason reason;

    /** Refused for this reason. */
    public EnvelopeException(Reason reason) {
        super("envelope refused: " + reason);
        this.reason = reason;
    }

    /** Why it was refused. */
    public Reason reason() {
        return reason;
    }
}
