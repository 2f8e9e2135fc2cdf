package io.runnel.devserver;

import io.runnel.channel.ChannelConnector;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import io.runnel.http.keys.message.ClientMessage;
import io.runnel.http.keys.message.KeysCodec;
import io.runnel.http.keys.message.KeysProtocol;
import io.runnel.http.keys.message.ServerMessage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A keys channel driven message by message. */
final class KeysClient implements AutoCloseable {
    private final ScriptedChannel channel;

    private KeysClient(ScriptedChannel channel) {
        this.channel = channel;
    }

    static KeysClient open(ChannelConnector connector, DevServer server) throws Exception {
        return new KeysClient(ScriptedChannel.open(connector, server, KeysProtocol.PATH, KeysProtocol.SUBPROTOCOL));
    }

    /** Opens a channel and says hello with the shared token. */
    static KeysClient hello(ChannelConnector connector, DevServer server, String name, @Nullable VerifyingKey peer)
            throws Exception {
        KeysClient client = open(connector, server);
        client.sendHello(name, server.clientToken(), peer);
        return client;
    }

    void sendHello(String name, String token, @Nullable VerifyingKey peer) {
        SecretBytes secret = SecretBytes.copyOf(token.getBytes(StandardCharsets.US_ASCII));
        send(ClientMessage.hello(name, secret, peer, 0));
    }

    void play(long request, BlobId blob) {
        send(new ClientMessage.Play(request, blob));
    }

    void send(ClientMessage message) {
        channel.send(KeysCodec.encode(message));
    }

    void sendText(String text) {
        channel.send(text);
    }

    <M extends ServerMessage> M next(Class<M> type) throws Exception {
        return type.cast(KeysCodec.decodeServer(channel.next()));
    }

    /** The next message that is not an epoch. */
    <M extends ServerMessage> M nextBesidesEpochs(Class<M> type) throws Exception {
        ServerMessage message = KeysCodec.decodeServer(channel.next());
        while (message instanceof ServerMessage.Epoch) {
            message = KeysCodec.decodeServer(channel.next());
        }
        return type.cast(message);
    }

    int closeCode() throws Exception {
        return channel.closeCode();
    }

    @Override
    public void close() {
        channel.close();
    }
}
