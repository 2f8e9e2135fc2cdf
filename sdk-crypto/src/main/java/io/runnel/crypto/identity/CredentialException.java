package io.runnel.crypto.identity;

import java.io.Serial;
import java.security.GeneralSecurityException;

/** A peer credential was refused. */
public final class CredentialException extends GeneralSecurityException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Why, in the order in which a credential is checked. */
    public enum Reason {
        /** Not a credential of this version. */
        MALFORMED,
        /** Not signed by this issuer, or damaged. */
        BAD_SIGNATURE,
        /** Its time has not come. */
        NOT_YET_VALID,
        /** Its time is over. */
        EXPIRED
    }

    private final Reason reason;

    /** Refused for this reason. */
    public CredentialException(Reason reason) {
        super("peer credential refused: " + reason);
        this.reason = reason;
    }

    /** Why it was refused. */
    public Reason reason() {
        return reason;
    }
}
