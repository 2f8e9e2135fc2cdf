package io.runnel.http.keys.message;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads the fields of one JSON object, each exactly once by name, and refuses what is left over. */
final class Fields {
    private final JsonNode object;
    private final Set<String> unread;

    Fields(String what, JsonNode node) throws MalformedMessageException {
        if (!node.isObject()) {
            throw new MalformedMessageException(what + ": must be a JSON object");
        }
        object = node;
        unread = new HashSet<>(node.propertyNames());
    }

    boolean has(String name) {
        return unread.contains(name);
    }

    long number(String name) throws MalformedMessageException {
        JsonNode node = take(name);
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new MalformedMessageException(name + ": must be a whole number");
        }
        return node.longValue();
    }

    String text(String name) throws MalformedMessageException {
        JsonNode node = take(name);
        if (!node.isString()) {
            throw new MalformedMessageException(name + ": must be a string");
        }
        return node.stringValue();
    }

    /** A secret that is text, as its UTF-8 bytes. */
    SecretBytes secretText(String name) throws MalformedMessageException {
        return SecretBytes.adopt(text(name).getBytes(StandardCharsets.UTF_8));
    }

    SecretBytes secret(String name) throws MalformedMessageException {
        return SecretBytes.adopt(binary(name));
    }

    ByteBuffer bytes(String name) throws MalformedMessageException {
        return ByteBuffer.wrap(binary(name));
    }

    VerifyingKey verifyingKey(String name) throws MalformedMessageException {
        byte[] bytes = binary(name);
        if (bytes.length != VerifyingKey.BYTES) {
            throw new MalformedMessageException(name + ": must be " + VerifyingKey.BYTES + " bytes");
        }
        return VerifyingKey.of(bytes);
    }

    BlobId blobId(String name) throws MalformedMessageException {
        try {
            return BlobId.parse(text(name));
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(name + ": must be 64 lower-case hexadecimal digits");
        }
    }

    <E extends Enum<E>> E oneOf(String name, E[] values) throws MalformedMessageException {
        String text = text(name);
        for (E value : values) {
            if (value.name().equals(text)) {
                return value;
            }
        }
        throw new MalformedMessageException(name + ": not one of the known values");
    }

    Fields object(String name) throws MalformedMessageException {
        return new Fields(name, take(name));
    }

    List<Fields> objects(String name, int max) throws MalformedMessageException {
        JsonNode node = take(name);
        if (!node.isArray() || node.size() > max) {
            throw new MalformedMessageException(name + ": must be an array of at most " + max);
        }
        List<Fields> list = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            list.add(new Fields(name, element));
        }
        return list;
    }

    /** Ends the reading. */
    void end() throws MalformedMessageException {
        if (!unread.isEmpty()) {
            throw new MalformedMessageException("unknown field");
        }
    }

    /** Base64url without padding, and only the one text that encodes the bytes (RFC 4648 section 3.5). */
    private byte[] binary(String name) throws MalformedMessageException {
        String text = text(name);
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Refused below, without the detail, which holds what was sent.
        }
        throw new MalformedMessageException(name + ": must be base64url without padding");
    }

    private JsonNode take(String name) throws MalformedMessageException {
        JsonNode node = object.get(name);
        if (node == null || !unread.remove(name)) {
            throw new MalformedMessageException(name + ": missing");
        }
        return node;
    }
}
