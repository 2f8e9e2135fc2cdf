package io.runnel.p2p.transport;

import java.io.Serial;

/** No connection can be made on this machine. The message says what to install or to leave out. */
public final class TransportUnavailableException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** With what to do, and what happened. */
    public TransportUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
