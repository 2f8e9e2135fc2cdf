package io.runnel.devserver;

import io.runnel.devserver.admin.AdminRoute;
import io.runnel.devserver.state.ClientNames;
import io.runnel.devserver.state.Json;
import io.runnel.devserver.state.Revocations;
import io.runnel.devserver.tls.TrustedAuthority;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.HttpsURLConnection;

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
     * @throws IOException if the folder is no state folder, if it cannot be written, or the running server does not take it: it then holds from the
     *     client's next request or epoch on
     */
    public static void revoke(Path stateDir, String client) throws IOException {
        new Revocations(Catalog.existing(stateDir)).add(ClientNames.check(client));
        if (!Files.exists(stateDir.resolve("server.json"))) {
            return;
        }
        ServerInfo server = ServerInfo.read(stateDir);
        try {
            tell(server, client);
        } catch (ConnectException notRunning) {
            // A server that was killed leaves its file behind. The revocation holds when one starts again.
            return;
        }
    }

    private static void tell(ServerInfo server, String client) throws IOException {
        HttpsURLConnection connection = (HttpsURLConnection)
                server.baseUri().resolve(AdminRoute.REVOKE_PATH).toURL().openConnection();
        connection.setSSLSocketFactory(
                TrustedAuthority.context(server.caCertificate()).getSocketFactory());
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Authorization", "Bearer " + server.adminToken());
        connection.setRequestProperty("Content-Type", "application/json");
        byte[] body = Json.encode(Json.object().put("client", client));
        connection.setFixedLengthStreamingMode(body.length);
        try {
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
            int status = connection.getResponseCode();
            if (status != HttpURLConnection.HTTP_NO_CONTENT) {
                throw new IOException("the server answered " + status + " to the revocation; restart the server");
            }
        } finally {
            connection.disconnect();
        }
    }
}
