package io.runnel.p2p;

import java.io.Serial;

/** WebRTC cannot run on this machine. The message says what to install or to leave out. */
public final class WebRtcUnavailableException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** With what to do, and what happened. */
    public WebRtcUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
