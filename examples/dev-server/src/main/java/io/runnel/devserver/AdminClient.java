package io.runnel.devserver;

import io.runnel.devserver.admin.AdminRoute;
import io.runnel.devserver.state.ClientNames;
import io.runnel.devserver.state.Json;
import io.runnel.devserver.state.ModeFile;
import io.runnel.devserver.state.Revocations;
import io.runnel.sharing.SharingMode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.HttpsURLConnection;
import tools.jackson.databind.node.ObjectNode;

/** What an operator does to the server of a state folder, running or not. */
public final class AdminClient {
    private static final int TIMEOUT_MILLIS = 5_000;

    private AdminClient() {}

    /**
     * Revokes a client: its keys channels are closed and its peers are put out of their swarms, and both are refused from
     * then on. On disk when this returns, and, where a server runs, under way. Idempotent.
     *
     * @param client 1 to 128 characters of {@code A-Z a-z 0-9 . _ -}
     * @throws IllegalArgumentException for another name
     * @throws IOException if the folder is no state folder or cannot be written, or the running server does not take it:
     *     it then holds from the client's next request or epoch on
     */
    public static void revoke(Path stateDir, String client) throws IOException {
        String name = ClientNames.check(client);
        new Revocations(Catalog.existing(stateDir)).add(name);
        tell(stateDir, AdminRoute.REVOKE_PATH, Json.object().put("client", name));
    }

    /**
     * Sets how far all clients go with their peers: {@code OFF} is the kill switch. Those connected to the server hear of
     * it at once, the others when they connect. On disk when this returns, so that it outlives the server.
     *
     * @throws IOException if it cannot be written, or the running server does not take it
     */
    public static void mode(Path stateDir, SharingMode mode) throws IOException {
        new ModeFile(Catalog.existing(stateDir)).write(mode);
        tell(stateDir, AdminRoute.MODE_PATH, Json.object().put("mode", mode.name()));
    }

    private static void tell(Path stateDir, String path, ObjectNode what) throws IOException {
        if (!Files.exists(stateDir.resolve("server.json"))) {
            return;
        }
        ServerInfo server = ServerInfo.read(stateDir);
        try {
            tell(server, path, what);
        } catch (ConnectException notRunning) {
            // A server that was killed leaves its file behind. What is on disk holds when one starts again.
            return;
        }
    }

    private static void tell(ServerInfo server, String path, ObjectNode what) throws IOException {
        HttpsURLConnection connection =
                (HttpsURLConnection) server.baseUri().resolve(path).toURL().openConnection();
        connection.setSSLSocketFactory(server.tlsContext().getSocketFactory());
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Authorization", "Bearer " + server.adminToken());
        connection.setRequestProperty("Content-Type", "application/json");
        byte[] body = Json.encode(what);
        connection.setFixedLengthStreamingMode(body.length);
        try {
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_NO_CONTENT) {
                throw new IOException("the server answered " + status + " to " + path + "; restart the server");
            }
        } finally {
            connection.disconnect();
        }
    }
}
