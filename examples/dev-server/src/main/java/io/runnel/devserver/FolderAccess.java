package io.runnel.devserver;

import io.runnel.devserver.keys.AccessCheck;
import io.runnel.devserver.state.ClientRegistry;
import io.runnel.devserver.state.Revocations;
import java.io.IOException;
import java.util.Collection;

/** Lets in whom the state folder says. */
record FolderAccess(ClientRegistry clients, Revocations revocations) implements AccessCheck {
    @Override
    public boolean accepts(String client, String token) throws IOException {
        return clients.accepts(client, token);
    }

    @Override
    public boolean revoked(String client) {
        return revocations.contains(client);
    }

    @Override
    public Collection<String> revoked() throws IOException {
        return revocations.all();
    }
}
