package io.runnel.http.keys;

import io.runnel.keys.KeyException;

/** What the desks see of the connection. */
interface KeysSession {
    /** The farthest time. */
    long NEVER = Long.MAX_VALUE;

    /** Whether messages can be sent. */
    boolean isOpen();

    /** For who waited for a session in vain: why there is none, and what to do. */
    KeyException none();

    /** A number for a request that was not used before. */
    long nextRequest();

    /** The server's time, in milliseconds since 1970, at this time of ours. */
    long serverMillis(long nowMillis);
}
