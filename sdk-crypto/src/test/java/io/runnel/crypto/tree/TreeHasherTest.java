package io.runnel.crypto.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.Vectors;
import io.runnel.crypto.hash.Blake3;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TreeHasherTest {
    @Test
    void finish_publishedVectors_isTheHash() throws IOException {
        JsonNode vectors = Vectors.read("blake3/test_vectors.json");
        assertThat(vectors.get("cases")).hasSize(35);
        for (JsonNode vector : vectors.get("cases")) {
            byte[] input = Vectors.blake3Input(vector.get("input_len").asInt());
            String hash = vector.get("hash").asString().substring(0, 64);
            assertThat(hashed(input, 0, new byte[input.length * 2]).toString()).isEqualTo(hash);
            assertThat(hashed(input, 4, new byte[input.length]).toString()).isEqualTo(hash);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 7})
    void outboard_manySizes_equalsTheDefinition(int groupLog) throws IOException {
        Random random = new Random(20261122L + groupLog);
        int[] edges = {0, 1, 1023, 1024, 1025, 2048, 2049, 16383, 16384, 16385, 32768, 32769, 131072, 131073, 262144};
        for (int i = 0; i < 35; i++) {
            byte[] data = new byte[i < edges.length ? edges[i] : random.nextInt(500_000)];
            random.nextBytes(data);
            TreeShape shape = new TreeShape(data.length, groupLog);
            byte[] outboard = new byte[(int) shape.outboardBytes()];
            BlobId id = hashed(data, groupLog, outboard);
            NaiveTree naive = new NaiveTree(data, groupLog);
            assertThat(outboard).as("size %d", data.length).isEqualTo(naive.outboard());
            assertThat(id.bytes()).isEqualTo(naive.root()).isEqualTo(Blake3.hash(data));
        }
    }

    @Test
    void update_anySplitAndDirectBuffers_givesTheSame() throws IOException {
        Random random = new Random(7);
        byte[] data = new byte[700_001];
        random.nextBytes(data);
        TreeHasher hasher = new TreeHasher(TreeShape.ofBlob(data.length), (offset, pair) -> {});
        ByteBuffer direct = ByteBuffer.allocateDirect(100_000);
        for (int at = 0; at < data.length; ) {
            int take = Math.min(data.length - at, random.nextInt(direct.capacity()));
            direct.clear().put(data, at, take).flip();
            hasher.update(direct);
            at += take;
        }
        assertThat(hasher.finish().bytes()).isEqualTo(Blake3.hash(data));
    }

    @Test
    void update_moreThanTheShape_isRefused() {
        TreeHasher hasher = new TreeHasher(TreeShape.ofBlob(3), (offset, pair) -> {});
        assertThatThrownBy(() -> hasher.update(ByteBuffer.allocate(4))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void finish_fewerThanTheShapeOrTwice_isRefused() throws IOException {
        TreeHasher hasher = new TreeHasher(TreeShape.ofBlob(3), (offset, pair) -> {});
        assertThatThrownBy(hasher::finish).isInstanceOf(IllegalStateException.class);
        hasher.update(ByteBuffer.allocate(3));
        hasher.finish();
        assertThatThrownBy(hasher::finish).isInstanceOf(IllegalStateException.class);
    }

    static BlobId hashed(byte[] data, int groupLog, byte[] outboard) throws IOException {
        TreeHasher hasher = new TreeHasher(
                new TreeShape(data.length, groupLog), (offset, pair) -> pair.get(outboard, (int) offset, 64));
        hasher.update(ByteBuffer.wrap(data));
        return hasher.finish();
    }
}
