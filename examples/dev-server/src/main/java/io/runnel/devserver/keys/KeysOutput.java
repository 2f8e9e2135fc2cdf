package io.runnel.devserver.keys;

import io.runnel.http.keys.message.ServerMessage;
import java.io.IOException;

/** Carries out what the {@link KeysMachine} decides, without calling it back. */
interface KeysOutput {
    /** Sends the message, then closes it. */
    void send(long session, ServerMessage message);

    /** Sends what was sent before, then closes the channel. */
    void close(long session, int code, String reason);

    /** The server's own state could not be read. */
    void failed(IOException failure);
}
