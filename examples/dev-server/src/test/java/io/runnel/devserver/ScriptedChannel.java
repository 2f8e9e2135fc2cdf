package io.runnel.devserver;

import io.runnel.channel.ChannelConnector;
import io.runnel.channel.TextChannel;
import io.runnel.http.TlsSettings;
import io.runnel.http.TlsWebSocketConnector;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client whose script is the test: it sends what it is told and waits for what comes. */
final class ScriptedChannel implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final TextChannel channel;

    private ScriptedChannel(ChannelConnector connector, URI uri, String subprotocol) throws Exception {
        channel = connector
                .connect(uri, subprotocol, new ChannelConnector.Listener() {
                    @Override
                    public void message(String text) {
                        received.add(text);
                    }

                    @Override
                    public void closed(int code, String reason) {
                        closed.complete(code);
                    }
                })
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    static TlsWebSocketConnector connector(DevServer server) throws IOException {
        return new TlsWebSocketConnector(
                TlsSettings.builder().trustPem(server.caCertificate()).build());
    }

    static ScriptedChannel open(ChannelConnector connector, DevServer server, String path, String subprotocol)
            throws Exception {
        URI base = server.baseUri();
        return new ScriptedChannel(
                connector, URI.create("wss://" + base.getHost() + ":" + base.getPort() + path), subprotocol);
    }

    void send(String text) {
        channel.send(text);
    }

    /** The next message. */
    String next() throws InterruptedException {
        String text = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (text == null) {
            throw new AssertionError("no message came within " + PATIENCE_SECONDS + " s");
        }
        return text;
    }

    /** Whether nothing came that was not taken. */
    boolean silent() {
        return received.isEmpty();
    }

    /** The code with which the channel ended. */
    int closeCode() throws Exception {
        return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channel.close(1000, "");
    }
}
