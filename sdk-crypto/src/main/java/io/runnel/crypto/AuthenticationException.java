package io.runnel.crypto;

import java.io.Serial;
import java.security.GeneralSecurityException;

/**
 * Input failed authentication: a tag, hash, proof or signature is wrong. It carries no detail on purpose, so that it
 * cannot become an oracle.
 */
public final class AuthenticationException extends GeneralSecurityException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The one form of this exception. */
    public AuthenticationException() {
        super("not authentic");
    }
}
