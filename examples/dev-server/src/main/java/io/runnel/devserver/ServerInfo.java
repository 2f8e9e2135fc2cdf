package io.runnel.devserver;

import io.runnel.devserver.state.Json;
import io.runnel.devserver.state.StateFolder;
import io.runnel.devserver.tls.TrustedAuthority;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.node.ObjectNode;

/**
 * How to reach the server that runs on a state folder: {@code server.json}, which is there while it runs and may be left
 * behind by one that was killed.
 *
 * @param port the TCP port, 1 to 65535
 * @param baseUri {@code https://HOST:PORT}, without a path
 * @param caCertificate the PEM file of the authority to trust
 * @param clientToken what open registration accepts; a secret
 * @param adminToken what the operator shows; a secret
 */
public record ServerInfo(int port, URI baseUri, Path caCertificate, String clientToken, String adminToken) {
    private static final String FILE = "server.json";

    /**
     * Reads it.
     *
     * @throws IOException if no server was started on the folder, or the file is damaged
     */
    public static ServerInfo read(Path stateDir) throws IOException {
        ObjectNode json;
        try {
            json = Json.read(stateDir.resolve(FILE));
        } catch (NoSuchFileException absent) {
            throw new IOException("no server runs on this state folder: start one with `runnel serve`", absent);
        }
        try {
            return new ServerInfo(
                    Math.toIntExact(Json.number(json, "port")),
                    URI.create(Json.text(json, "baseUri")),
                    Path.of(Json.text(json, "caCertificate")),
                    Json.text(json, "clientToken"),
                    Json.text(json, "adminToken"));
        } catch (IOException | IllegalArgumentException | ArithmeticException e) {
            throw new IOException(
                    FILE + " is damaged (" + e.getMessage() + "): start the server anew, which writes it again", e);
        }
    }

    void write(StateFolder folder) throws IOException {
        ObjectNode json = Json.object()
                .put("port", port)
                .put("baseUri", baseUri.toString())
                .put("caCertificate", caCertificate.toString())
                .put("clientToken", clientToken)
                .put("adminToken", adminToken);
        folder.replace(folder.file(FILE), Json.encode(json));
    }

    static void remove(StateFolder folder) throws IOException {
        Files.deleteIfExists(folder.file(FILE));
    }

    /**
     * A TLS context that trusts this server's authority, and it alone.
     *
     * @throws IOException if the authority's file cannot be read or holds no certificate
     */
    public SSLContext tlsContext() throws IOException {
        return TrustedAuthority.context(caCertificate);
    }

    /** Without the tokens. */
    @Override
    public String toString() {
        return "ServerInfo[" + baseUri + "]";
    }
}
