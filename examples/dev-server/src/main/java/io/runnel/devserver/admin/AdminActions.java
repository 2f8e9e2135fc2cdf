package io.runnel.devserver.admin;

import io.runnel.sharing.SharingMode;
import java.io.IOException;

/** What an operator may do. Both are on disk, and under way, when they return. */
public interface AdminActions {
    /** Takes a client its keys and its places in swarms. */
    void revoke(String client) throws IOException;

    /** Sets how far all clients go with their peers. */
    void mode(SharingMode mode) throws IOException;
}
