package io.runnel.cli.client;

import java.net.URI;
import java.nio.file.Path;

/** What a client must know of its server. Not a record: the token is nobody's to print. */
public final class ServerAccess {
    private final URI server;
    private final Path authority;
    private final String token;
    private final String client;

    /**
     * Access for one client.
     *
     * @param server {@code https://host:port}
     * @param authority PEM file of the certificate authority that vouches for the server
     * @param token what lets this client in
     * @param client its name, 1 to 128 characters of {@code [A-Za-z0-9._-]}
     */
    public ServerAccess(URI server, Path authority, String token, String client) {
        this.server = server;
        this.authority = authority;
        this.token = token;
        this.client = client;
    }

    /** The server's address. */
    public URI server() {
        return server;
    }

    /** The PEM file of the authority. */
    public Path authority() {
        return authority;
    }

    String token() {
        return token;
    }

    /** The client's name. */
    public String client() {
        return client;
    }

    @Override
    public String toString() {
        return "ServerAccess[" + server + ", client " + client + ", token redacted]";
    }
}
