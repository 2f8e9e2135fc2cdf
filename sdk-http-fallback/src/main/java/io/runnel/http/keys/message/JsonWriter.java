package io.runnel.http.keys.message;

import io.runnel.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes one message, fields in the order of the records. */
final class JsonWriter implements ClientMessage.Receiver, ServerMessage.Receiver {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final ObjectNode out;

    JsonWriter(ObjectNode out) {
        this.out = out;
    }

    String text() {
        return out.toString();
    }

    @Override
    public void hello(ClientMessage.Hello message) {
        out.put("type", "hello").put("client", message.client());
        String token = message.token().read(bytes -> new String(bytes, StandardCharsets.US_ASCII));
        out.put("token", token);
        message.peerKey().ifPresent(key -> out.put("peerKey", BASE64.encodeToString(key.bytes())));
        out.put("clock", message.clock());
    }

    @Override
    public void play(ClientMessage.Play message) {
        out.put("type", "play").put("request", message.request());
        out.put("blobId", message.blobId().toString());
    }

    @Override
    public void credential(ClientMessage.RenewCredential message) {
        out.put("type", "credential").put("request", message.request());
    }

    @Override
    public void ping() {
        out.put("type", "ping");
    }

    @Override
    public void welcome(ServerMessage.Welcome message) {
        out.put("type", "welcome").put("session", message.session()).put("serverTime", message.serverTime());
        ArrayNode epochs = out.putArray("epochs");
        message.epochs().forEach(epoch -> fill(epochs.addObject(), epoch));
        message.swarm()
                .ifPresent(swarm -> out.putObject("swarm")
                        .put("collectionSecret", base64(swarm.collectionSecret()))
                        .put(
                                "issuerKey",
                                BASE64.encodeToString(swarm.issuerKey().bytes()))
                        .put("credential", base64(swarm.credential()))
                        .put("credentialNotAfter", swarm.credentialNotAfter()));
    }

    @Override
    public void epoch(ServerMessage.Epoch message) {
        fill(out.put("type", "epoch"), message);
    }

    private static void fill(ObjectNode out, ServerMessage.Epoch epoch) {
        out.put("id", epoch.id())
                .put("notBefore", epoch.notBefore())
                .put("notAfter", epoch.notAfter())
                .put("graceUntil", epoch.graceUntil())
                .put("key", base64(epoch.key()));
    }

    @Override
    public void envelope(ServerMessage.Envelope message) {
        out.put("type", "envelope").put("request", message.request()).put("envelope", base64(message.envelope()));
    }

    @Override
    public void credential(ServerMessage.Credential message) {
        out.put("type", "credential").put("request", message.request());
        out.put("credential", base64(message.credential())).put("notAfter", message.notAfter());
    }

    @Override
    public void denied(ServerMessage.Denied message) {
        out.put("type", "denied").put("request", message.request());
        out.put("reason", message.reason().name());
    }

    @Override
    public void revoked(ServerMessage.Revoked message) {
        out.put("type", "revoked").put("lastEpoch", message.lastEpoch());
    }

    @Override
    public void mode(ServerMessage.Mode message) {
        out.put("type", "mode").put("mode", message.mode().name());
    }

    @Override
    public void pong(ServerMessage.Pong message) {
        out.put("type", "pong").put("serverTime", message.serverTime());
    }

    private static String base64(SecretBytes secret) {
        return secret.read(BASE64::encodeToString);
    }

    private static String base64(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return BASE64.encodeToString(copy);
    }
}
