package io.runnel.p2p.signalling.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.source.Seat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SwarmCodecTest {
    private static final SwarmId SWARM = SwarmId.of(filled(32, 1));
    private static final VerifyingKey KEY = VerifyingKey.of(filled(32, 2));
    private static final String SWARM_TEXT = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";

    private static byte[] filled(int size, int value) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.wrap(filled(size, 3));
    }

    static Stream<ClientMessage> clientMessages() {
        return Stream.of(
                new ClientMessage.Join(SWARM, buffer(200), buffer(64), 16, true),
                new ClientMessage.Announce(SWARM, 0),
                new ClientMessage.Signal(SWARM, KEY, buffer(SwarmProtocol.MAX_PAYLOAD_BYTES)),
                new ClientMessage.Leave(SWARM),
                new ClientMessage.Ping());
    }

    static Stream<ServerMessage> serverMessages() {
        return Stream.of(
                new ServerMessage.Challenge(buffer(32)),
                new ServerMessage.Joined(SWARM, 1),
                new ServerMessage.Seated(SWARM, new Seat(3, 17)),
                new ServerMessage.Seated(SWARM, new Seat(-1, 0)),
                new ServerMessage.Peers(SWARM, List.of()),
                new ServerMessage.Peers(SWARM, List.of(KEY, VerifyingKey.of(filled(32, 9)))),
                new ServerMessage.Signal(SWARM, KEY, buffer(1)),
                new ServerMessage.Gone(SWARM, KEY),
                new ServerMessage.Denied(SWARM, ServerMessage.Denied.Reason.EXPIRED),
                new ServerMessage.Pong());
    }

    @ParameterizedTest
    @MethodSource("clientMessages")
    void readClient_whatWriteWrote_isEqual(ClientMessage message) throws Exception {
        assertThat(SwarmCodec.readClient(SwarmCodec.write(message))).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("serverMessages")
    void readServer_whatWriteWrote_isEqual(ServerMessage message) throws Exception {
        assertThat(SwarmCodec.readServer(SwarmCodec.write(message))).isEqualTo(message);
    }

    @Test
    void write_announce_hasTheDocumentedText() {
        assertThat(SwarmCodec.write(new ClientMessage.Announce(SWARM, 5)))
                .isEqualTo("{\"type\":\"announce\",\"swarm\":\"" + SWARM_TEXT + "\",\"want\":5}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "1",
                "{}",
                "{\"type\":\"nothing\"}",
                "{\"type\":7}",
                "{\"type\":\"pong\"}",
                "{\"type\":\"ping\",\"extra\":1}",
                "{\"type\":\"ping\",\"type\":\"ping\"}",
                "{\"type\":\"ping\"} {}",
                "{\"type\":\"ping\"",
                "{'type':'ping'}",
                "{\"type\":\"leave\"}",
                "{\"type\":\"leave\",\"swarm\":null}",
                "{\"type\":\"leave\",\"swarm\":\"AQ\"}",
                "{\"type\":\"leave\",\"swarm\":\"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\"}",
                "{\"type\":\"leave\",\"swarm\":\"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQF\"}",
                "{\"type\":\"leave\",\"swarm\":\"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBA+E\"}",
                "{\"type\":\"leave\",\"swarm\":[[[[[[1]]]]]]}",
                "{\"type\":\"announce\",\"swarm\":\"" + SWARM_TEXT + "\",\"want\":65}",
                "{\"type\":\"announce\",\"swarm\":\"" + SWARM_TEXT + "\",\"want\":-1}",
                "{\"type\":\"announce\",\"swarm\":\"" + SWARM_TEXT + "\",\"want\":1.5}",
                "{\"type\":\"announce\",\"swarm\":\"" + SWARM_TEXT + "\",\"want\":4294967297}",
                "{\"type\":\"announce\",\"swarm\":\"" + SWARM_TEXT + "\",\"want\":\"1\"}",
            })
    void readClient_malformed_isRefused(String text) {
        assertThatThrownBy(() -> SwarmCodec.readClient(text)).isInstanceOf(MalformedMessageException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"seat\":3,\"seats\":3",
                "\"seat\":-2,\"seats\":3",
                "\"seat\":-1,\"seats\":-1",
                "\"seat\":0,\"seats\":16777217",
                "\"seat\":0.5,\"seats\":3",
                "\"seats\":3"
            })
    void readServer_noPlaceAmongTheSeats_isRefused(String fields) {
        String text = "{\"type\":\"seated\",\"swarm\":\"" + SWARM_TEXT + "\"," + fields + "}";
        assertThatThrownBy(() -> SwarmCodec.readServer(text)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void readServer_tooManyPeers_isRefused() {
        String text =
                "{\"type\":\"peers\",\"swarm\":\"" + SWARM_TEXT + "\",\"peers\":[" + "\"x\",".repeat(64) + "\"x\"]}";
        assertThatThrownBy(() -> SwarmCodec.readServer(text)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void readServer_refusal_quotesNothingOfTheInput() {
        assertThatThrownBy(() -> SwarmCodec.readServer("{\"type\":\"tokensecret\"}"))
                .hasMessageNotContaining("tokensecret");
        assertThatThrownBy(() -> SwarmCodec.readServer("tokensecret")).hasMessageNotContaining("tokensecret");
    }

    @Test
    void constructors_outOfBounds_refuse() {
        assertThatThrownBy(() -> new ClientMessage.Signal(SWARM, KEY, buffer(SwarmProtocol.MAX_PAYLOAD_BYTES + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("payload");
        assertThatThrownBy(() -> new ClientMessage.Join(SWARM, buffer(0), buffer(64), 1, false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void read_mutatedMessages_neverThrowsAnythingElse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> valid = Stream.concat(
                        clientMessages().map(SwarmCodec::write).filter(text -> text.length() < 2000),
                        serverMessages().map(SwarmCodec::write))
                .toList();
        for (int i = 0; i < 20_000; i++) {
            String text = mutate(valid.get(random.nextInt(valid.size())), random);
            try {
                SwarmCodec.readClient(text);
            } catch (MalformedMessageException expected) {
                // What a stranger gets.
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
            try {
                SwarmCodec.readServer(text);
            } catch (MalformedMessageException expected) {
                // What a stranger gets.
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
        }
    }

    private static String mutate(String text, Random random) {
        StringBuilder out = new StringBuilder(text);
        for (int n = 1 + random.nextInt(4); n > 0 && out.length() > 1; n--) {
            int at = random.nextInt(out.length());
            switch (random.nextInt(4)) {
                case 0 -> out.setCharAt(at, (char) random.nextInt(128));
                case 1 -> out.deleteCharAt(at);
                case 2 -> out.insert(at, "{}[]\",:0e".charAt(random.nextInt(9)));
                default -> out.setLength(at);
            }
        }
        return out.toString();
    }
}
