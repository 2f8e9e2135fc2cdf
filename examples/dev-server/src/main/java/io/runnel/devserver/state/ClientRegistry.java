package io.runnel.devserver.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which clients may open a keys channel, as {@code clients.json} says: {@code {"openRegistration": true, "clients":
 * {"alice": "<SHA-256 of her token>"}}}. With open registration, any name that is not listed is let in with the shared
 * token; a listed client is let in with its own token only. The file is read at each check, so that it can be edited
 * beside a running server.
 */
public final class ClientRegistry {
    private static final String SHARED_TOKEN = "client.token";
    private static final String OPEN = "openRegistration";
    private static final String CLIENTS = "clients";

    private final StateFolder folder;
    private final String sharedToken;
    private final String sharedHash;

    private ClientRegistry(StateFolder folder, String sharedToken) {
        this.folder = folder;
        this.sharedToken = sharedToken;
        this.sharedHash = Tokens.hash(sharedToken);
    }

    /** The registry of this folder; made open where there is none. */
    public static ClientRegistry open(StateFolder folder) throws IOException {
        Path file = file(folder);
        if (!Files.exists(file)) {
            ObjectNode fresh = Json.object().put(OPEN, true);
            fresh.putObject(CLIENTS);
            folder.replace(file, Json.encode(fresh));
        }
        return new ClientRegistry(folder, Tokens.loadOrCreate(folder, SHARED_TOKEN));
    }

    /** The token that open registration accepts for any name that is not listed. */
    public String sharedToken() {
        return sharedToken;
    }

    /** Lists a client and returns its token, of which only the hash is kept. */
    public String register(String client) throws IOException {
        String token = Tokens.fresh();
        ObjectNode registry = Json.read(file(folder));
        registry.withObject("/" + CLIENTS).put(ClientNames.check(client), Tokens.hash(token));
        folder.replace(file(folder), Json.encode(registry));
        return token;
    }

    /** Whether this token opens the channel for this client. */
    public boolean accepts(String client, String token) throws IOException {
        ObjectNode registry = Json.read(file(folder));
        JsonNode own = registry.path(CLIENTS).path(client);
        if (own.isString()) {
            return Tokens.matches(token, own.stringValue());
        }
        return registry.path(OPEN).isBoolean()
                && registry.path(OPEN).booleanValue()
                && Tokens.matches(token, sharedHash);
    }

    private static Path file(StateFolder folder) {
        return folder.file("clients.json");
    }
}
