package io.runnel.http.keys.message;

import java.time.Duration;

/** The numbers and names of the keys channel that both ends agree on. */
public final class KeysProtocol {
    /** The path of the channel on the app server. */
    public static final String PATH = "/cdn/keys/v1";

    /** The websocket subprotocol; a server that does not choose it is refused. */
    public static final String SUBPROTOCOL = "runnel.keys.v1";

    /** How long a server waits for {@code hello} before it closes with {@link #CLOSE_HELLO_LATE}. */
    public static final Duration HELLO_TIMEOUT = Duration.ofSeconds(10);

    /** Close code: a message broke the protocol. */
    public static final int CLOSE_PROTOCOL = 4400;

    /** Close code: the token was not accepted. Final: the client does not come back. */
    public static final int CLOSE_UNAUTHENTICATED = 4401;

    /** Close code: this client was revoked. Final: the client wipes its keys and does not come back. */
    public static final int CLOSE_REVOKED = 4403;

    /** Close code: {@code hello} did not come in time. */
    public static final int CLOSE_HELLO_LATE = 4408;

    /** Close code: this client has too many sessions open. */
    public static final int CLOSE_TOO_MANY_SESSIONS = 4409;

    /** Close code: this client asks too often. */
    public static final int CLOSE_RATE = 4429;

    /** The largest number in a message: what every JSON reader keeps exactly (RFC 8259 section 6). */
    public static final long MAX_NUMBER = (1L << 53) - 1;

    /** The most epochs one {@code welcome} carries. */
    public static final int MAX_EPOCHS = 3;

    /** The longest token, in characters. */
    public static final int MAX_TOKEN_CHARS = 8192;

    /** The longest envelope and the longest credential, in bytes. */
    public static final int MAX_SEALED_BYTES = 1024;

    private KeysProtocol() {}
}
