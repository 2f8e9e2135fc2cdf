package io.runnel.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/** Whether a server is there at all. A client goes on trying for a while; a user should hear of it at once. */
final class Listening {
    private static final int HTTPS_PORT = 443;
    private static final int TIMEOUT_MILLIS = 5_000;

    private Listening() {}

    /** False only where every address of the server refuses connections; what else may be wrong, a client finds out. */
    static boolean at(URI server) {
        int port = server.getPort() < 0 ? HTTPS_PORT : server.getPort();
        try {
            for (InetAddress address : InetAddress.getAllByName(server.getHost())) {
                if (!refused(new InetSocketAddress(address, port))) {
                    return true;
                }
            }
            return false;
        } catch (IOException notFound) {
            return true;
        }
    }

    private static boolean refused(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, TIMEOUT_MILLIS);
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException unclear) {
            return false;
        }
    }
}
