package io.runnel.p2p.signalling.message;

import java.io.IOException;
import java.io.Serial;

/** A message that breaks the protocol. The text names the field at fault and holds nothing of its content. */
public final class MalformedMessageException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        super(message);
    }
}
