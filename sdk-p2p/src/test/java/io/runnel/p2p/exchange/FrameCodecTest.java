package io.runnel.p2p.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.SwarmId;
import io.runnel.source.GroupRange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {
    private static final Pattern HEX = Pattern.compile("^((?:[0-9a-f]{2} )*[0-9a-f]{2})(?: .*)?$");

    /** The frames of the fixture file by name. */
    static Map<String, byte[]> fixtures() {
        try (InputStream in = FrameCodecTest.class.getResourceAsStream("/wire/frames.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            Map<String, byte[]> frames = new LinkedHashMap<>();
            for (String block : text.split("\n\n", -1)) {
                List<String> lines =
                        block.lines().filter(line -> !line.startsWith("#")).toList();
                if (!lines.isEmpty()) {
                    frames.put(lines.get(0).split(":", 2)[0], bytes(lines.subList(1, lines.size())));
                }
            }
            return frames;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(List<String> lines) {
        StringBuilder hex = new StringBuilder();
        for (String line : lines) {
            Matcher matcher = HEX.matcher(line);
            assertThat(matcher.matches()).as(line).isTrue();
            hex.append(matcher.group(1).replace(" ", ""));
        }
        return HexFormat.of().parseHex(hex);
    }

    static Stream<Arguments> frames() {
        byte[] swarm = new byte[32];
        for (int i = 0; i < 32; i++) {
            swarm[i] = (byte) i;
        }
        byte[] node = new byte[64];
        Arrays.fill(node, 0, 32, (byte) 0xaa);
        Arrays.fill(node, 32, 64, (byte) 0xbb);
        return Stream.of(
                Arguments.of("hello", new Frame.Hello(1, true, 262144, 64)),
                Arguments.of("open", new Frame.Open(3, SwarmId.of(swarm))),
                Arguments.of("close", new Frame.Close(3)),
                Arguments.of("have", new Frame.Have(3, false, List.of(new GroupRange(0, 5), new GroupRange(7, 8)))),
                Arguments.of("tree", new Frame.Tree(9, 3, 640, 128)),
                Arguments.of("tree bytes", new Frame.TreeBytes(9, ByteBuffer.wrap(node))),
                Arguments.of("request", new Frame.Request(10, 3, new GroupRange(32, 64))),
                Arguments.of("groups", new Frame.Groups(10, 32, ByteBuffer.wrap(new byte[] {1, 2, 3}))),
                Arguments.of("refuse", new Frame.Refuse(10, Frame.Refuse.Refusal.BUSY, 100)),
                Arguments.of("cancel", new Frame.Cancel(10)),
                Arguments.of("bye", new Frame.Bye(Frame.Bye.Parting.RECONNECT)),
                Arguments.of(
                        "credential", new Frame.Credential(ByteBuffer.wrap(new byte[] {(byte) 0xc0, (byte) 0xc1}))),
                Arguments.of("serving", new Frame.Serving(false)));
    }

    private static byte[] encode(Frame frame) {
        List<ByteBuffer> parts = FrameCodec.encode(frame);
        ByteBuffer all = ByteBuffer.allocate(
                parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(all::put);
        return all.array();
    }

    @ParameterizedTest
    @MethodSource("frames")
    void encode_eachFrame_isTheFixture(String name, Frame frame) {
        assertThat(encode(frame)).isEqualTo(fixtures().get(name));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void decode_eachFixture_isTheFrame(String name, Frame frame) throws Exception {
        assertThat(FrameCodec.decode(ByteBuffer.wrap(fixtures().get(name)))).isEqualTo(frame);
    }

    @Test
    void fixtures_all_areUsed() {
        assertThat(frames().map(each -> each.get()[0]))
                .containsExactlyElementsOf(fixtures().keySet());
    }

    @ParameterizedTest
    @MethodSource("frames")
    void decode_byteTooFewOrTooMany_isRefusedOrAnotherLength(String name, Frame frame) {
        byte[] good = fixtures().get(name);
        boolean payload = List.of("groups", "credential").contains(name);
        if (!payload) {
            assertRefused(Arrays.copyOf(good, good.length - 1));
            assertRefused(Arrays.copyOf(good, good.length + 1));
        }
        assertRefused(Arrays.copyOf(good, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "0d",
                "0d 02",
                "0d ff",
                "0e",
                "ff",
                // hello: magic, flags, frame size, requests
                "01 524e5832 01 01 00040000 0040",
                "01 524e5831 01 02 00040000 0040",
                "01 524e5831 01 01 00010000 0040",
                "01 524e5831 01 01 ffffffff 0040",
                "01 524e5831 01 01 00040000 0000",
                // index out of range
                "03 0100",
                // have: kind, order, adjacency, empty run, beyond the last group, more runs than bytes
                "04 0003 02 0000",
                "04 0003 00 0002 00000007 00000001 00000000 00000005",
                "04 0003 00 0002 00000000 00000005 00000005 00000001",
                "04 0003 00 0001 00000000 00000000",
                "04 0003 00 0001 ffffffff 00000002",
                "04 0003 00 ffff",
                // tree: crooked offset, negative offset, no length, too long
                "05 00000001 0000 0000000000000001 00000040",
                "05 00000001 0000 8000000000000000 00000040",
                "05 00000001 0000 0000000000000000 00000000",
                "05 00000001 0000 0000000000000000 00020040",
                "06 00000001 aabb",
                "06 00000001",
                // request: nothing, too much
                "07 00000001 0000 00000000 00000000",
                "07 00000001 0000 00000000 00000101",
                "08 00000001 00000000",
                // refuse: reason, retry
                "09 00000001 00 00000000",
                "09 00000001 07 00000000",
                "09 00000001 01 ffffffff",
                "0b 00",
                "0b 04",
                "0c",
            })
    void decode_malformed_isRefused(String hex) {
        assertRefused(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void decode_tooLong_isRefused() {
        byte[] groups = new byte[9 + 16 * ExchangeProtocol.GROUP_BYTES];
        groups[0] = FrameCodec.GROUPS;
        assertRefused(groups);
        assertRefused(new byte[ExchangeProtocol.MAX_FRAME_BYTES + 1]);
        byte[] credential = new byte[1026];
        credential[0] = FrameCodec.CREDENTIAL;
        assertRefused(credential);
    }

    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> FrameCodec.decode(ByteBuffer.wrap(bytes))).isInstanceOf(MalformedFrameException.class);
    }

    @Test
    void decode_40000Mutations_isAFrameOrARefusal() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<byte[]> good = new ArrayList<>(fixtures().values());
        for (int i = 0; i < 40_000; i++) {
            byte[] bytes = mutate(good.get(random.nextInt(good.size())), random);
            try {
                Frame frame = FrameCodec.decode(ByteBuffer.wrap(bytes));
                assertThat(encode(frame)).as("seed %d", seed).isEqualTo(bytes);
            } catch (MalformedFrameException refused) {
                // What a stranger gets.
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
            }
        }
    }

    static byte[] mutate(byte[] good, Random random) {
        byte[] bytes = good.clone();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            switch (random.nextInt(4)) {
                case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
                case 1 -> {
                    if (bytes.length > 0) {
                        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    }
                }
                case 2 -> {
                    if (bytes.length > 0) {
                        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                    }
                }
                default -> {
                    if (bytes.length > 0) {
                        bytes[0] = (byte) (1 + random.nextInt(12));
                    }
                }
            }
        }
        return bytes;
    }
}
