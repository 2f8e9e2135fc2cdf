package io.runnel.p2p.exchange;

import java.io.Serial;

/** Bytes that are no frame of this protocol. The message names the rule broken. */
final class MalformedFrameException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    MalformedFrameException(String message) {
        super(message);
    }
}
