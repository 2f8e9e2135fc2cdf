package io.runnel.devserver.keys;

import java.io.IOException;
import java.util.Collection;

/** Who may open a keys channel. Called on the machine's thread; may look at the disk. */
public interface AccessCheck {
    /** Whether this token proves this client. */
    boolean accepts(String client, String token) throws IOException;

    /** Whether the client was revoked. */
    boolean revoked(String client);

    /** All clients that were revoked. */
    Collection<String> revoked() throws IOException;
}
