package io.runnel.devserver;

import io.runnel.devserver.state.ClientRegistry;

/**
 * What opens which door.
 *
 * @param clients for the keys channel
 * @param admin for the admin route
 */
record ServerTokens(ClientRegistry clients, String admin) {
    @Override
    public String toString() {
        return "ServerTokens[redacted]";
    }
}
