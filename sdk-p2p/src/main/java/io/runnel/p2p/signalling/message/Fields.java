package io.runnel.p2p.signalling.message;

import io.runnel.crypto.Bytes32;
import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The fields of one JSON object, each read once and by its type; {@link #end} refuses what was not read. */
final class Fields {
    private static final int MAX_CHARS = 1 << 16;
    private static final int MAX_DEPTH = 3;
    private static final int MAX_NAME_CHARS = 32;
    private static final int MAX_TOKENS = 256;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxDocumentLength(MAX_CHARS)
                            .maxStringLength(MAX_CHARS)
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNameLength(MAX_NAME_CHARS)
                            .maxNumberLength(20)
                            .maxTokenCount(MAX_TOKENS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode object;
    private int read;

    private Fields(JsonNode object) {
        this.object = object;
    }

    static Fields parse(String text) throws MalformedMessageException {
        if (text.length() > MAX_CHARS) {
            throw new MalformedMessageException("message: longer than " + MAX_CHARS + " characters");
        }
        JsonNode node;
        try {
            node = JSON.readTree(text);
        } catch (JacksonException e) {
            // The cause quotes the input, so it is not passed on.
            throw new MalformedMessageException("message: not the JSON this protocol allows");
        }
        if (node == null || !node.isObject()) {
            throw new MalformedMessageException("message: not a JSON object");
        }
        return new Fields(node);
    }

    String text(String name) throws MalformedMessageException {
        return text(name, field(name));
    }

    int number(String name) throws MalformedMessageException {
        JsonNode node = field(name);
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw new MalformedMessageException(name + ": must be a whole number");
        }
        return node.intValue();
    }

    boolean flag(String name) throws MalformedMessageException {
        JsonNode node = field(name);
        if (!node.isBoolean()) {
            throw new MalformedMessageException(name + ": must be true or false");
        }
        return node.booleanValue();
    }

    ByteBuffer bytes(String name) throws MalformedMessageException {
        return ByteBuffer.wrap(decode(name, text(name)));
    }

    SwarmId swarm() throws MalformedMessageException {
        return SwarmId.of(exact("swarm", text("swarm")));
    }

    VerifyingKey key(String name) throws MalformedMessageException {
        return VerifyingKey.of(exact(name, text(name)));
    }

    List<VerifyingKey> keys(String name) throws MalformedMessageException {
        JsonNode node = field(name);
        if (!node.isArray() || node.size() > SwarmProtocol.MAX_PEERS) {
            throw new MalformedMessageException(
                    name + ": must be an array of at most " + SwarmProtocol.MAX_PEERS + " entries");
        }
        List<VerifyingKey> keys = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            keys.add(VerifyingKey.of(exact(name, text(name, node.get(i)))));
        }
        return keys;
    }

    /** Refuses a message that has fields nobody read. */
    void end() throws MalformedMessageException {
        if (object.size() != read) {
            throw new MalformedMessageException("message: has unknown fields");
        }
    }

    private JsonNode field(String name) throws MalformedMessageException {
        JsonNode node = object.get(name);
        if (node == null) {
            throw new MalformedMessageException(name + ": missing");
        }
        read++;
        return node;
    }

    private static String text(String name, JsonNode node) throws MalformedMessageException {
        if (!node.isString()) {
            throw new MalformedMessageException(name + ": must be a string");
        }
        return node.stringValue();
    }

    private static byte[] exact(String name, String text) throws MalformedMessageException {
        byte[] bytes = decode(name, text);
        if (bytes.length != Bytes32.BYTES) {
            throw new MalformedMessageException(name + ": must be " + Bytes32.BYTES + " bytes");
        }
        return bytes;
    }

    /** Decodes base64url without padding, and only its one canonical form. */
    private static byte[] decode(String name, String text) throws MalformedMessageException {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Falls through: the cause would quote the input.
        }
        throw new MalformedMessageException(name + ": must be base64url without padding");
    }
}
