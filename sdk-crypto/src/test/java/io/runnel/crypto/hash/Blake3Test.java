package io.runnel.crypto.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class Blake3Test {
    @Test
    void allModes_publishedVectors_match() {
        JsonNode vectors = Vectors.read("blake3/test_vectors.json");
        byte[] key = vectors.get("key").asString().getBytes(StandardCharsets.UTF_8);
        String context = vectors.get("context_string").asString();
        assertThat(vectors.get("cases")).hasSize(35);
        for (JsonNode vector : vectors.get("cases")) {
            byte[] input = Vectors.blake3Input(vector.get("input_len").asInt());
            assertThat(Blake3.hash(input)).isEqualTo(first32(vector.get("hash")));
            assertThat(Blake3.keyedHash(key, input)).isEqualTo(first32(vector.get("keyed_hash")));
            assertThat(Blake3.deriveKey(context, input)).isEqualTo(first32(vector.get("derive_key")));
        }
    }

    @Test
    void hash_partsOrWhole_areTheSame() {
        byte[] input = Vectors.blake3Input(3000);
        byte[] head = Arrays.copyOf(input, 1001);
        byte[] tail = Arrays.copyOfRange(input, 1001, input.length);
        assertThat(Blake3.hash(head, new byte[0], tail)).isEqualTo(Blake3.hash(input));
    }

    @Test
    void keyedHash_keyOfAnotherLength_isRefused() {
        assertThatThrownBy(() -> Blake3.keyedHash(new byte[31]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be 32");
    }

    private static byte[] first32(JsonNode hex) {
        return Arrays.copyOf(Vectors.hex(hex), 32);
    }
}
