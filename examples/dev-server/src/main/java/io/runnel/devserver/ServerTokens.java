package io.runnel.devserver;

import io.runnel.devserver.state.ClientRegistry;
import io.runnel.devserver.state.StateFolder;
import io.runnel.devserver.state.Tokens;
import java.io.IOException;

/**
 * What opens which door.
 *
 * @param clients for the keys channel
 * @param admin for the admin route
 */
record ServerTokens(ClientRegistry clients, String admin) {
    /** Those of the folder, drawn at its first start. */
    static ServerTokens loadOrCreate(StateFolder folder) throws IOException {
        return new ServerTokens(ClientRegistry.open(folder), Tokens.loadOrCreate(folder, "admin.token"));
    }

    @Override
    public String toString() {
        return "ServerTokens[redacted]";
    }
}
