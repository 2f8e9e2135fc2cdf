package io.runnel.http.keys.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
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
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class KeysCodecTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    static List<String> clientFixtures() {
        return Fixtures.client();
    }

    static List<String> serverFixtures() {
        return Fixtures.server();
    }

    @Test
    void decodeClient_fixtures_areTheMessagesTheyDescribe() throws Exception {
        List<ClientMessage> messages = new ArrayList<>();
        for (String line : Fixtures.client()) {
            messages.add(KeysCodec.decodeClient(line));
        }
        assertThat(messages)
                .containsExactly(
                        new Hello("alice", text("eyJhbGciOi.J9.x-y_z"), Optional.empty(), 1767225600000L),
                        new Hello("TV.living-room_2", text("t"), Optional.of(VerifyingKey.of(filled(1))), 0),
                        new Play(1, BlobId.parse("0123456789abcdef".repeat(4))),
                        new Play((1L << 53) - 1, BlobId.parse("ff".repeat(32))),
                        new RenewCredential(2),
                        new Ping());
    }

    @Test
    void decodeServer_fixtures_areTheMessagesTheyDescribe() throws Exception {
        List<ServerMessage> messages = new ArrayList<>();
        for (String line : Fixtures.server()) {
            messages.add(KeysCodec.decodeServer(line));
        }
        assertThat(messages)
                .containsExactly(
                        new Welcome(
                                "s-1", 1767225600000L, List.of(epoch(5890752, 2), epoch(5890753, 3)), Optional.empty()),
                        new Welcome(
                                "x",
                                0,
                                List.of(),
                                Optional.of(new SwarmAccess(
                                        SecretBytes.adopt(filled(4)),
                                        VerifyingKey.of(filled(255)),
                                        counting(0, 16),
                                        1767226200000L))),
                        epoch(5890754, 5),
                        new Envelope(1, counting(100, 40)),
                        new Credential(2, counting(0, 7), 1767226200000L),
                        new Denied(3, Denial.NOT_FOUND),
                        new Denied(4, Denial.DENIED),
                        new Revoked(5890754),
                        new Mode(SharingMode.OFF),
                        new Pong(1767225600001L));
    }

    @ParameterizedTest
    @MethodSource("clientFixtures")
    void encode_clientFixture_givesTheSameText(String line) throws Exception {
        assertThat(KeysCodec.encode(KeysCodec.decodeClient(line))).isEqualTo(line);
    }

    @ParameterizedTest
    @MethodSource("serverFixtures")
    void encode_serverFixture_givesTheSameText(String line) throws Exception {
        assertThat(KeysCodec.encode(KeysCodec.decodeServer(line))).isEqualTo(line);
    }

    @ParameterizedTest
    @MethodSource("clientFixtures")
    void decodeClient_anyFieldMissingAddedTwiceOrOfAnotherKind_isRefused(String line) {
        for (String damaged : damaged(line)) {
            assertThatThrownBy(() -> KeysCodec.decodeClient(damaged))
                    .as(damaged)
                    .isInstanceOf(MalformedMessageException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("serverFixtures")
    void decodeServer_anyFieldMissingAddedTwiceOrOfAnotherKind_isRefused(String line) {
        for (String damaged : damaged(line)) {
            assertThatThrownBy(() -> KeysCodec.decodeServer(damaged))
                    .as(damaged)
                    .isInstanceOf(MalformedMessageException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("clientFixtures")
    void decodeServer_messageOfAClient_isRefused(String line) {
        assertThatThrownBy(() -> KeysCodec.decodeServer(line)).isInstanceOf(MalformedMessageException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "\"ping\"",
                "{}",
                "{\"type\":\"Ping\"}",
                "{\"type\":\"ping\"} {}",
                "{\"type\":\"ping\"}x",
                "{'type':'ping'}",
                "{\"type\":\"ping\",}",
                "/**/{\"type\":\"ping\"}",
                "{\"type\":\"credential\",\"request\":-1}",
                "{\"type\":\"credential\",\"request\":1.0}",
                "{\"type\":\"credential\",\"request\":1e2}",
                "{\"type\":\"credential\",\"request\":\"1\"}",
                "{\"type\":\"credential\",\"request\":01}",
                "{\"type\":\"credential\",\"request\":9007199254740992}",
                "{\"type\":\"credential\",\"request\":99999999999999999999}",
                "{\"type\":\"credential\",\"request\":NaN}",
                "{\"type\":\"play\",\"request\":1,\"blobId\":\"FF\"}",
                "{\"type\":\"hello\",\"client\":\"a b\",\"token\":\"t\",\"clock\":1}",
                "{\"type\":\"hello\",\"client\":\"\",\"token\":\"t\",\"clock\":1}",
                "{\"type\":\"hello\",\"client\":\"a\",\"token\":\"\",\"clock\":1}",
                "{\"type\":\"hello\",\"client\":\"a\",\"token\":\"t\\u00e9\",\"clock\":1}",
                "{\"type\":\"hello\",\"client\":\"a\",\"token\":\"t\\n\",\"clock\":1}",
                "{\"type\":\"hello\",\"client\":\"a\",\"token\":\"t\",\"peerKey\":\"AQ\",\"clock\":1}",
            })
    void decodeClient_notAMessage_isRefused(String text) {
        assertThatThrownBy(() -> KeysCodec.decodeClient(text)).isInstanceOf(MalformedMessageException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAA=", "AA==", "AB", "A", "+/8", "A A", "", "AAA\\n"})
    void decodeServer_binaryNotCanonical_isRefused(String binary) {
        String text = "{\"type\":\"envelope\",\"request\":1,\"envelope\":\"" + binary + "\"}";
        assertThatThrownBy(() -> KeysCodec.decodeServer(text)).isInstanceOf(MalformedMessageException.class);
    }

    @ParameterizedTest
    @CsvSource({"2,1,3", "1,1,1", "1,3,2", "1,2,4"})
    void decodeServer_epochTimesOutOfOrder_isRefused(int notBefore, int notAfter, int graceUntil) {
        String text = KeysCodec.encode(new Epoch(1, 1, 2, 3, SecretBytes.adopt(filled(1))))
                .replace("\"notBefore\":1", "\"notBefore\":" + notBefore)
                .replace("\"notAfter\":2", "\"notAfter\":" + notAfter)
                .replace("\"graceUntil\":3", "\"graceUntil\":" + graceUntil);
        assertThatThrownBy(() -> KeysCodec.decodeServer(text)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void decodeServer_lengthAndDepthBombs_areRefused() {
        String deep = "{\"type\":" + "[".repeat(9) + "]".repeat(9) + "}";
        String deeper = "[".repeat(60_000);
        String longer = "{\"type\":\"" + "x".repeat(1 << 16) + "\"}";
        String longNumber = "{\"type\":\"pong\",\"serverTime\":" + "1".repeat(60_000) + "}";
        for (String bomb : List.of(deep, deeper, longer, longNumber)) {
            assertThatThrownBy(() -> KeysCodec.decodeServer(bomb)).isInstanceOf(MalformedMessageException.class);
        }
    }

    @Test
    void decodeServer_moreThanThreeEpochs_isRefused() {
        String epoch = KeysCodec.encode(epoch(1, 1)).replace("\"type\":\"epoch\",", "");
        String text = "{\"type\":\"welcome\",\"session\":\"s\",\"serverTime\":1,\"epochs\":["
                + String.join(",", epoch, epoch, epoch, epoch) + "]}";
        assertThatThrownBy(() -> KeysCodec.decodeServer(text)).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void toString_anyMessage_showsNoSecret() throws Exception {
        for (String line : Fixtures.client()) {
            assertThat(KeysCodec.decodeClient(line).toString()).doesNotContain("eyJhbGciOi");
        }
        for (String line : Fixtures.server()) {
            assertThat(KeysCodec.decodeServer(line).toString()).doesNotContain("AgIC", "AwMD", "BAQE", "BQUF");
        }
    }

    @Test
    void decode_refused_messageQuotesNothingThatWasSent() {
        String text = "{\"type\":\"epoch\",\"id\":1,\"key\":\"hunter2hunter2\",hunter2}";
        assertThatThrownBy(() -> KeysCodec.decodeServer(text))
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    @Test
    void close_messagesWithSecrets_wipesThem() throws Exception {
        Welcome welcome = (Welcome) KeysCodec.decodeServer(Fixtures.server().get(0));
        welcome.close();
        assertThat(welcome.epochs()).allMatch(epoch -> epoch.key().isClosed());
        Welcome swarm = (Welcome) KeysCodec.decodeServer(Fixtures.server().get(1));
        swarm.close();
        assertThat(swarm.swarm().orElseThrow().collectionSecret().isClosed()).isTrue();
        Hello hello = (Hello) KeysCodec.decodeClient(Fixtures.client().get(0));
        hello.close();
        assertThat(hello.token().isClosed()).isTrue();
    }

    /** Every way to damage one field of the message or of an object inside it, and the whole. */
    private static List<String> damaged(String line) {
        List<String> out = new ArrayList<>(List.of(line + "{}", line + ",", "[" + line + "]", line.substring(1)));
        damage(line, "", out);
        return out;
    }

    private static void damage(String line, String pointer, List<String> out) {
        ObjectNode object = (ObjectNode) JSON.readTree(line).at(pointer);
        for (String name : object.propertyNames()) {
            if (!name.equals("peerKey") && !name.equals("swarm")) {
                out.add(edited(line, pointer, node -> node.remove(name)));
            }
            for (String other : List.of("null", "true", "{}", "1.5", "-1", "\"\"", "\"\\u0000\"", "[[]]")) {
                out.add(edited(line, pointer, node -> node.set(name, JSON.readTree(other))));
            }
            String field = "\"" + name + "\":" + object.get(name);
            out.add(line.replace(field, field + "," + field));
            if (object.get(name).isObject()) {
                damage(line, pointer + "/" + name, out);
            }
            if (object.get(name).isArray() && !object.get(name).isEmpty()) {
                damage(line, pointer + "/" + name + "/0", out);
            }
        }
        out.add(edited(line, pointer, node -> node.put("more", 1)));
    }

    private static String edited(String line, String pointer, Consumer<ObjectNode> edit) {
        JsonNode root = JSON.readTree(line);
        edit.accept((ObjectNode) root.at(pointer));
        return root.toString();
    }

    private static Epoch epoch(long id, int fill) {
        return new Epoch(
                id, id * 300_000, (id + 1) * 300_000, (id + 1) * 300_000 + 30_000, SecretBytes.adopt(filled(fill)));
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static ByteBuffer counting(int from, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        for (int i = 0; i < count; i++) {
            bytes.put((byte) (from + i));
        }
        return bytes.flip();
    }

    private static SecretBytes text(String text) {
        return SecretBytes.adopt(text.getBytes(StandardCharsets.UTF_8));
    }
}
