package io.runnel.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the published vectors; a test without them is skipped, but fails in CI. */
public final class Vectors {
    private Vectors() {}

    public static JsonNode read(String file) {
        String folder = System.getProperty("runnel.vectors", "");
        Path path = Path.of(folder, file);
        Needs.that(!folder.isEmpty() && Files.exists(path), "published vectors are not there: " + path);
        JsonNode node = JsonMapper.shared().readTree(path);
        assertThat(node.isObject()).isTrue();
        return node;
    }

    public static byte[] hex(JsonNode node) {
        return HexFormat.of().parseHex(node.asString());
    }

    /** The input of the BLAKE3 vectors: byte i is i mod 251. */
    public static byte[] blake3Input(int length) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = (byte) (i % 251);
        }
        return out;
    }

    /** The input of the Bao vectors: a counting little-endian 32-bit number from 1. */
    public static byte[] baoInput(int length) {
        byte[] out = new byte[length];
        for (int i = 0; i < length; i++) {
            out[i] = (byte) ((i / 4 + 1) >>> (8 * (i % 4)));
        }
        return out;
    }
}
