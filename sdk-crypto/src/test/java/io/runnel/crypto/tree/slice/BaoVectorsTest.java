package io.runnel.crypto.tree.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.Vectors;
import io.runnel.crypto.hash.Blake3;
import io.runnel.crypto.tree.TreeHasher;
import io.runnel.crypto.tree.TreeShape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Every published Bao vector. */
class BaoVectorsTest {
    private final JsonNode vectors = Vectors.read("bao/test_vectors.json");

    /** A blob with its outboard in Bao's format: the length, then the nodes. */
    private static final class Bao {
        final byte[] input;
        final TreeShape shape;
        final BlobId id;
        final byte[] outboard;

        Bao(int length) throws IOException {
            input = Vectors.baoInput(length);
            shape = new TreeShape(length, 0);
            byte[] nodes = new byte[(int) shape.outboardBytes()];
            TreeHasher hasher = new TreeHasher(shape, (offset, pair) -> pair.get(nodes, (int) offset, 64));
            hasher.update(ByteBuffer.wrap(input));
            id = hasher.finish();
            outboard = ByteBuffer.allocate(8 + nodes.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(length)
                    .put(nodes)
                    .array();
        }

        SliceEncoder encoder() {
            return encoder(outboard, input);
        }

        static SliceEncoder encoder(byte[] outboard, byte[] input) {
            long length =
                    ByteBuffer.wrap(outboard).order(ByteOrder.LITTLE_ENDIAN).getLong();
            ByteSource nodes = ByteSource.of(Arrays.copyOfRange(outboard, 8, outboard.length));
            return new SliceEncoder(new TreeSource.Separate(new TreeShape(length, 0), nodes, ByteSource.of(input)));
        }

        byte[] combined() throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            encoder().combined(out);
            return out.toByteArray();
        }

        byte[] decode(byte[] slice, long start, long length) throws AuthenticationException, IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayInputStream in = new ByteArrayInputStream(slice);
            SliceDecoder.decode(id, 0, start, length, in, (offset, bytes) -> {
                assertThat(offset).isEqualTo(start + out.size());
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                out.writeBytes(copy);
            });
            assertThat(in.available()).isZero();
            return out.toByteArray();
        }

        void mustReject(byte[] slice, long start, long length, String what) throws IOException {
            try {
                decode(slice, start, length);
            } catch (AuthenticationException e) {
                return;
            }
            fail("accepted " + what);
        }
    }

    @Test
    void hash_publishedVectors_match() throws IOException {
        assertThat(vectors.get("hash")).hasSize(13);
        for (JsonNode vector : vectors.get("hash")) {
            assertThat(bao(vector).id).hasToString(vector.get("bao_hash").asString());
        }
    }

    @Test
    void encode_publishedVectors_matchAndRejectCorruption() throws Exception {
        int corruptions = 0;
        assertThat(vectors.get("encode")).hasSize(13);
        for (JsonNode vector : vectors.get("encode")) {
            Bao bao = bao(vector);
            byte[] encoded = bao.combined();
            assertEncoded(encoded, vector.get("output_len"), vector.get("encoded_blake3"));
            assertThat(bao.decode(encoded, 0, bao.input.length)).isEqualTo(bao.input);
            for (JsonNode at : vector.get("corruptions")) {
                bao.mustReject(flipped(encoded, at), 0, bao.input.length, "encoding flipped at " + at);
                corruptions++;
            }
        }
        assertThat(corruptions).isEqualTo(93);
    }

    @Test
    void outboard_publishedVectors_matchAndRejectCorruption() throws Exception {
        int outboardCorruptions = 0;
        int inputCorruptions = 0;
        assertThat(vectors.get("outboard")).hasSize(13);
        for (JsonNode vector : vectors.get("outboard")) {
            Bao bao = bao(vector);
            assertEncoded(bao.outboard, vector.get("output_len"), vector.get("encoded_blake3"));
            for (JsonNode at : vector.get("outboard_corruptions")) {
                mustRejectOutboard(bao, flipped(bao.outboard, at), bao.input);
                outboardCorruptions++;
            }
            for (JsonNode at : vector.get("input_corruptions")) {
                mustRejectOutboard(bao, bao.outboard, flipped(bao.input, at));
                inputCorruptions++;
            }
        }
        assertThat(outboardCorruptions).isEqualTo(47);
        assertThat(inputCorruptions).isEqualTo(46);
    }

    private static void mustRejectOutboard(Bao bao, byte[] outboard, byte[] input) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Bao.encoder(outboard, input).combined(out);
        } catch (IOException e) {
            return;
        }
        bao.mustReject(out.toByteArray(), 0, bao.input.length, "a corrupted outboard or input");
    }

    @Test
    void seek_publishedVectors_readTheRest() throws Exception {
        int seeks = 0;
        assertThat(vectors.get("seek")).hasSize(13);
        for (JsonNode vector : vectors.get("seek")) {
            Bao bao = bao(vector);
            TreeSource combined = new TreeSource.Combined(bao.shape, ByteSource.of(bao.combined()));
            for (JsonNode seek : vector.get("seek_offsets")) {
                long offset = seek.asLong();
                byte[] rest = Arrays.copyOfRange(bao.input, (int) Math.min(offset, bao.input.length), bao.input.length);
                for (SliceEncoder encoder : new SliceEncoder[] {bao.encoder(), new SliceEncoder(combined)}) {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    encoder.slice(offset, bao.input.length, out);
                    assertThat(bao.decode(out.toByteArray(), offset, bao.input.length))
                            .isEqualTo(rest);
                }
                seeks++;
            }
        }
        assertThat(seeks).isEqualTo(111);
    }

    @Test
    void slice_publishedVectors_matchAndRejectCorruption() throws Exception {
        int slices = 0;
        int corruptions = 0;
        assertThat(vectors.get("slice")).hasSize(13);
        for (JsonNode vector : vectors.get("slice")) {
            Bao bao = bao(vector);
            for (JsonNode slice : vector.get("slices")) {
                long start = slice.get("start").asLong();
                long length = slice.get("len").asLong();
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                bao.encoder().slice(start, length, out);
                byte[] encoded = out.toByteArray();
                assertEncoded(encoded, slice.get("output_len"), slice.get("output_blake3"));
                int from = (int) Math.min(start, bao.input.length);
                byte[] range = Arrays.copyOfRange(
                        bao.input, from, (int) Math.min(bao.input.length, from + Math.max(1, length)));
                assertThat(bao.decode(encoded, start, length)).isEqualTo(range);
                for (JsonNode at : slice.get("corruptions")) {
                    bao.mustReject(flipped(encoded, at), start, length, "slice flipped at " + at);
                    corruptions++;
                }
                slices++;
            }
        }
        assertThat(slices).isEqualTo(222);
        assertThat(corruptions).isEqualTo(876);
    }

    private static Bao bao(JsonNode vector) throws IOException {
        return new Bao(vector.get("input_len").asInt());
    }

    private static void assertEncoded(byte[] encoded, JsonNode length, JsonNode blake3) {
        assertThat(encoded).hasSize(length.asInt());
        assertThat(Blake3.hash(encoded)).isEqualTo(Vectors.hex(blake3));
    }

    private static byte[] flipped(byte[] bytes, JsonNode at) {
        byte[] out = bytes.clone();
        out[at.asInt()] ^= 1;
        return out;
    }
}
