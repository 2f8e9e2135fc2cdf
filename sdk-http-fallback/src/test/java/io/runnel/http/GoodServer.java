package io.runnel.http;

import io.runnel.crypto.BlobId;
import io.runnel.http.keys.message.ClientMessage;
import io.runnel.http.keys.message.KeysCodec;
import io.runnel.http.keys.message.KeysProtocol;
import io.runnel.http.keys.message.MalformedMessageException;
import io.runnel.http.testing.ScriptedAppServer;
import io.runnel.http.testing.WebSocketTestServer.Connection;
import io.runnel.http.testing.WebSocketTestServer.Script;

/** Welcomes everyone with the current epoch and gives everyone every key. */
class GoodServer implements Script {
    static final BlobId BLOB = BlobId.parse("ab".repeat(32));

    private final ScriptedAppServer app;

    GoodServer(ScriptedAppServer app) {
        this.app = app;
    }

    @Override
    public final void message(Connection connection, String text) {
        try (ClientMessage message = KeysCodec.decodeClient(text)) {
            message.deliverTo(new ClientMessage.Receiver() {
                @Override
                public void hello(ClientMessage.Hello hello) {
                    GoodServer.this.hello(connection);
                }

                @Override
                public void play(ClientMessage.Play play) {
                    GoodServer.this.play(connection, play.request());
                }

                @Override
                public void credential(ClientMessage.RenewCredential renew) {}

                @Override
                public void ping() {
                    GoodServer.this.ping(connection);
                }
            });
        } catch (MalformedMessageException e) {
            connection.close(KeysProtocol.CLOSE_PROTOCOL);
        }
    }

    void hello(Connection connection) {
        connection.text(app.welcome(1_000_000, 1_600_000, "credential", 3));
    }

    void ping(Connection connection) {
        connection.text(app.pong(1_000_000));
    }

    void play(Connection connection, long request) {
        connection.text(app.envelope(request, BLOB, 3));
    }
}
