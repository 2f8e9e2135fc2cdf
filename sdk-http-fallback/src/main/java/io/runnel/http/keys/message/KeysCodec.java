package io.runnel.http.keys.message;

import io.runnel.channel.TextChannel;
import io.runnel.http.keys.message.ClientMessage.Hello;
import io.runnel.http.keys.message.ClientMessage.Ping;
import io.runnel.http.keys.message.ClientMessage.Play;
import io.runnel.http.keys.message.ClientMessage.RenewCredential;
import io.runnel.http.keys.message.ServerMessage.Credential;
import io.runnel.http.keys.message.ServerMessage.Denial;
import io.runnel.http.keys.message.ServerMessage.Denied;
import io.runnel.http.keys.message.ServerMessage.Envelope;
import io.runnel.http.keys.message.ServerMessage.Epoch;
import io.runnel.http.keys.message.ServerMessage.Mode;
import io.runnel.http.keys.message.ServerMessage.Pong;
import io.runnel.http.keys.message.ServerMessage.Revoked;
import io.runnel.http.keys.message.ServerMessage.SwarmAccess;
import io.runnel.http.keys.message.ServerMessage.Welcome;
import io.runnel.sharing.SharingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns messages of the keys channel into their JSON text and back. Strict: an unknown type or field, a field twice, a
 * value of another kind or out of range, trailing text, more than 64 KiB or a depth over 8 is refused whole. Safe for
 * use on any thread.
 */
public final class KeysCodec {
    private static final int MAX_DEPTH = 8;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxDocumentLength(TextChannel.MAX_MESSAGE_BYTES)
                            .maxStringLength(TextChannel.MAX_MESSAGE_BYTES)
                            .maxNameLength(64)
                            .maxNumberLength(20)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(JsonFactory.Feature.INTERN_PROPERTY_NAMES)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private KeysCodec() {}

    /** The JSON text of a message: one line, always the same for equal messages. It holds the message's secrets. */
    public static String encode(KeysMessage message) {
        JsonWriter writer = new JsonWriter(JSON.createObjectNode());
        if (message instanceof ClientMessage client) {
            client.deliverTo(writer);
        } else if (message instanceof ServerMessage server) {
            server.deliverTo(writer);
        }
        return writer.text();
    }

    /**
     * The client's message with this text.
     *
     * @throws MalformedMessageException if the text is anything but exactly one message of a client
     */
    public static ClientMessage decodeClient(String text) throws MalformedMessageException {
        Fields fields = parse(text);
        return build(fields, () -> clientMessage(fields));
    }

    /**
     * The server's message with this text. The caller owns it and closes it.
     *
     * @throws MalformedMessageException if the text is anything but exactly one message of a server
     */
    public static ServerMessage decodeServer(String text) throws MalformedMessageException {
        Fields fields = parse(text);
        return build(fields, () -> serverMessage(fields));
    }

    private static Fields parse(String text) throws MalformedMessageException {
        // UTF-8 takes at least a byte for each char, so this bounds the work before it starts.
        if (text.length() > TextChannel.MAX_MESSAGE_BYTES) {
            throw new MalformedMessageException("message: longer than " + TextChannel.MAX_MESSAGE_BYTES + " bytes");
        }
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JacksonException e) {
            // Not chained: its message quotes the text, which may hold a key.
            throw new MalformedMessageException("message: not JSON within the limits");
        }
        return new Fields("message", root);
    }

    private static <M extends KeysMessage> M build(Fields fields, Reading<M> reading) throws MalformedMessageException {
        M message;
        try {
            message = reading.read();
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(String.valueOf(e.getMessage()));
        }
        try {
            fields.end();
        } catch (MalformedMessageException e) {
            message.close();
            throw e;
        }
        return message;
    }

    private static ClientMessage clientMessage(Fields in) throws MalformedMessageException {
        return switch (in.text("type")) {
            case "hello" ->
                new Hello(
                        in.text("client"),
                        in.secretText("token"),
                        in.has("peerKey") ? Optional.of(in.verifyingKey("peerKey")) : Optional.empty(),
                        in.number("clock"));
            case "play" -> new Play(in.number("request"), in.blobId("blobId"));
            case "credential" -> new RenewCredential(in.number("request"));
            case "ping" -> new Ping();
            default -> throw new MalformedMessageException("type: unknown");
        };
    }

    private static ServerMessage serverMessage(Fields in) throws MalformedMessageException {
        return switch (in.text("type")) {
            case "welcome" -> welcome(in);
            case "epoch" -> epoch(in);
            case "envelope" -> new Envelope(in.number("request"), in.bytes("envelope"));
            case "credential" -> new Credential(in.number("request"), in.bytes("credential"), in.number("notAfter"));
            case "denied" -> new Denied(in.number("request"), in.oneOf("reason", Denial.values()));
            case "revoked" -> new Revoked(in.number("lastEpoch"));
            case "mode" -> new Mode(in.oneOf("mode", SharingMode.values()));
            case "pong" -> new Pong(in.number("serverTime"));
            default -> throw new MalformedMessageException("type: unknown");
        };
    }

    private static Welcome welcome(Fields in) throws MalformedMessageException {
        List<Epoch> epochs = new ArrayList<>();
        for (Fields element : in.objects("epochs", KeysProtocol.MAX_EPOCHS)) {
            epochs.add(epoch(element));
            element.end();
        }
        Optional<SwarmAccess> swarm = Optional.empty();
        if (in.has("swarm")) {
            Fields nested = in.object("swarm");
            swarm = Optional.of(new SwarmAccess(
                    nested.secret("collectionSecret"),
                    nested.verifyingKey("issuerKey"),
                    nested.bytes("credential"),
                    nested.number("credentialNotAfter")));
            nested.end();
        }
        return new Welcome(in.text("session"), in.number("serverTime"), epochs, swarm);
    }

    private static Epoch epoch(Fields in) throws MalformedMessageException {
        return new Epoch(
                in.number("id"),
                in.number("notBefore"),
                in.number("notAfter"),
                in.number("graceUntil"),
                in.secret("key"));
    }

    @FunctionalInterface
    private interface Reading<M> {
        M read() throws MalformedMessageException;
    }
}
