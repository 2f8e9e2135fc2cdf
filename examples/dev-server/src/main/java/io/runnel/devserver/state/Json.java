package io.runnel.devserver.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes the small JSON objects of the state folder. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final long MAX_FILE_BYTES = 1 << 20;

    private Json() {}

    /** A new, empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Indented UTF-8, ending in a line feed. */
    public static byte[] encode(ObjectNode object) {
        return (object.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The object in a file; fails with an {@link IOException} naming the file where it is no object. */
    public static ObjectNode read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException(file + " is longer than " + MAX_FILE_BYTES + " bytes");
        }
        return decode(Files.readAllBytes(file), file.toString());
    }

    /** The object in these bytes. */
    public static ObjectNode decode(byte[] utf8, String name) throws IOException {
        try {
            if (MAPPER.readTree(utf8) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            throw new IOException(name + " is not JSON: restore it or remove it", e);
        }
        throw new IOException(name + " holds no JSON object: restore it or remove it");
    }

    /** A text field that must be there. */
    public static String text(ObjectNode object, String field) throws IOException {
        JsonNode value = object.get(field);
        if (value == null || !value.isString()) {
            throw new IOException("field " + field + ": must be text");
        }
        return value.stringValue();
    }

    /** A whole number that must be there. */
    public static long number(ObjectNode object, String field) throws IOException {
        JsonNode value = object.get(field);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IOException("field " + field + ": must be a whole number");
        }
        return value.longValue();
    }
}
