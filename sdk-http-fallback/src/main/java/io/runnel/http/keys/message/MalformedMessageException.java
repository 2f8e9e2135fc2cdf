package io.runnel.http.keys.message;

import java.io.IOException;
import java.io.Serial;

/** Text that is not a valid message. Its message names the field at fault and holds no value of any field. */
public final class MalformedMessageException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** With what is wrong. */
    public MalformedMessageException(String message) {
        super(message);
    }
}
