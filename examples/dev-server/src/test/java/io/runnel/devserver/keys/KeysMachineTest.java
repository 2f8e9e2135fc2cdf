package io.runnel.devserver.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.devserver.web.CloseCodes;
import io.runnel.http.keys.message.ClientMessage;
import io.runnel.http.keys.message.KeysProtocol;
import io.runnel.http.keys.message.ServerMessage;
import io.runnel.keys.BlobGrant;
import io.runnel.sharing.SharingMode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KeysMachineTest {
    private static final long START = 1_000_000;
    private static final Duration EPOCH = Duration.ofMinutes(5);
    private static final long EPOCH_MILLIS = EPOCH.toMillis();
    private static final long LEAD_MILLIS = 30_000;

    private final Map<Long, List<ServerMessage>> sent = new HashMap<>();
    private final Map<Long, Integer> closed = new HashMap<>();
    private final List<IOException> failures = new ArrayList<>();
    private final Set<String> revoked = new HashSet<>();
    private boolean keyStoreBroken;
    private final KeysMachine machine = new KeysMachine(
            new EpochSchedule(EPOCH, Duration.ofSeconds(30), START),
            new KeysMachine.Ports(
                    new Access(),
                    this::noBlob,
                    new Credentials(
                            SigningIdentity.generate(),
                            SecretBytes.random(32),
                            new CredentialSerials(SecretBytes.random(32)))),
            new SplittableRandom(3),
            new Recorder());

    @Test
    void hello_goodToken_isToldOfTheRunningEpochOnly() {
        hello(1, "alice", START);

        ServerMessage.Welcome welcome = (ServerMessage.Welcome) sent(1).get(0);
        assertThat(welcome.serverTime()).isEqualTo(START);
        assertThat(welcome.epochs()).hasSize(1);
        ServerMessage.Epoch epoch = welcome.epochs().get(0);
        assertThat(epoch.notBefore()).isEqualTo(START);
        assertThat(epoch.notAfter()).isEqualTo(START + EPOCH_MILLIS);
        assertThat(epoch.graceUntil()).isEqualTo(START + EPOCH_MILLIS + 30_000);
    }

    @Test
    void hello_nearTheBoundary_isToldOfBothEpochs() {
        hello(1, "alice", START + EPOCH_MILLIS - 1);

        assertThat(((ServerMessage.Welcome) sent(1).get(0)).epochs()).hasSize(2);
    }

    @Test
    void tick_eachSession_isToldOnceAndWithin15To30SecondsAhead_notAllAtOnce() {
        for (long id = 1; id <= 100; id++) {
            hello(id, "client-" + id, START);
        }
        sent.clear();
        long boundary = START + EPOCH_MILLIS;
        Set<Long> moments = new TreeSet<>();
        for (long now = START; now < boundary; now += 1_000) {
            Set<Long> before = new HashSet<>(sent.keySet());
            machine.tick(now);
            if (!sent.keySet().equals(before)) {
                moments.add(boundary - now);
            }
        }

        assertThat(sent)
                .hasSize(100)
                .allSatisfy((id, messages) -> assertThat(messages)
                        .singleElement()
                        .isInstanceOfSatisfying(
                                ServerMessage.Epoch.class,
                                epoch -> assertThat(epoch.notBefore()).isEqualTo(boundary)));
        assertThat(moments).hasSizeGreaterThan(5).allMatch(ahead -> ahead <= LEAD_MILLIS && ahead >= 14_000);
    }

    @Test
    void tick_clientsOfOneEpoch_haveDifferentKeys() {
        hello(1, "alice", START);
        hello(2, "bob", START);
        hello(3, "alice", START);

        assertThat(welcomeKey(1)).isNotEqualTo(welcomeKey(2)).isEqualTo(welcomeKey(3));
    }

    @Test
    void tick_afterSleepingThroughEpochs_tellsTheRunningOne() {
        hello(1, "alice", START);
        sent.clear();
        long now = START + 10 * EPOCH_MILLIS + 7;
        machine.tick(now);

        assertThat(sent(1)).singleElement().isInstanceOfSatisfying(ServerMessage.Epoch.class, epoch -> {
            assertThat(epoch.notBefore()).isLessThanOrEqualTo(now);
            assertThat(epoch.notAfter()).isGreaterThan(now);
        });
    }

    @Test
    void tick_clockWasADayAheadAndIsRightAgain_endsAllChannelsAndTheEpochAtOnce() {
        long ahead = START + Duration.ofDays(1).toMillis();
        hello(1, "alice", ahead);
        machine.opened(2, ahead);
        machine.tick(START);
        assertThat(closed)
                .containsExactlyInAnyOrderEntriesOf(Map.of(1L, CloseCodes.GOING_AWAY, 2L, CloseCodes.GOING_AWAY));
        assertThat(machine.sessions()).isZero();

        hello(3, "alice", START + 1);
        ServerMessage.Epoch epoch =
                ((ServerMessage.Welcome) sent(3).get(0)).epochs().get(0);
        assertThat(epoch.notBefore()).isEqualTo(START);
        assertThat(epoch.notAfter()).isEqualTo(START + EPOCH_MILLIS);
        assertThat(epoch.key()).isNotEqualTo(welcomeKey(1));
    }

    @Test
    void message_clockWasSetBack_isAnsweredInANewSessionOnly() {
        hello(1, "alice", START + Duration.ofHours(1).toMillis());
        sent.clear();
        machine.message(1, new ClientMessage.Ping(), START);

        assertThat(sent).isEmpty();
        assertThat(closed).containsExactly(Map.entry(1L, CloseCodes.GOING_AWAY));
    }

    @Test
    void tick_clockGoesALittleBack_channelsAndTheEpochStay() {
        hello(1, "alice", START);
        machine.tick(START - 30_000);
        hello(2, "alice", START - 30_000);

        assertThat(closed).isEmpty();
        assertThat(welcomeKey(2)).isEqualTo(welcomeKey(1));
    }

    @Test
    void mode_set_isToldToThoseWhoSaidHelloAndToNewcomers() {
        hello(1, "alice", START);
        machine.opened(2, START);
        assertThat(sent(1)).noneMatch(ServerMessage.Mode.class::isInstance);
        machine.mode(SharingMode.OFF);
        assertThat(sent(1)).last().isEqualTo(new ServerMessage.Mode(SharingMode.OFF));
        assertThat(sent).doesNotContainKey(2L);
        machine.mode(SharingMode.SHADOW);
        hello(3, "bob", START);
        assertThat(sent(3)).hasSize(2).last().isEqualTo(new ServerMessage.Mode(SharingMode.SHADOW));
    }

    @Test
    void tick_revokedOnDisk_isToldOfNoFurtherEpoch() {
        hello(1, "alice", START);
        sent.clear();
        revoked.add("alice");
        machine.tick(START + EPOCH_MILLIS);

        assertThat(sent(1)).containsExactly(new ServerMessage.Revoked(START));
        assertThat(closed).containsExactly(Map.entry(1L, KeysProtocol.CLOSE_REVOKED));
        assertThat(machine.sessions()).isZero();
    }

    @Test
    void tick_noHello_closesAfterTenSeconds() {
        machine.opened(1, START);
        hello(2, "alice", START);
        machine.tick(START + 9_999);
        assertThat(closed).isEmpty();

        machine.tick(START + 10_000);

        assertThat(closed).containsExactly(Map.entry(1L, KeysProtocol.CLOSE_HELLO_LATE));
    }

    @Test
    void hello_twice_isAProtocolError() {
        hello(1, "alice", START);
        machine.message(1, helloMessage("alice", "good"), START);

        assertThat(closed).containsExactly(Map.entry(1L, KeysProtocol.CLOSE_PROTOCOL));
    }

    @Test
    void hello_revokedClientWithABadToken_learnsOnlyThatTheTokenIsBad() {
        revoked.add("alice");
        machine.opened(1, START);
        machine.message(1, helloMessage("alice", "bad"), START);
        hello(2, "alice", START);

        assertThat(closed)
                .containsEntry(1L, KeysProtocol.CLOSE_UNAUTHENTICATED)
                .containsEntry(2L, KeysProtocol.CLOSE_REVOKED);
        assertThat(sent).isEmpty();
    }

    @Test
    void play_brokenKeyStore_endsTheChannelForALaterTry() {
        hello(1, "alice", START);
        keyStoreBroken = true;
        machine.message(1, new ClientMessage.Play(1, BlobId.of(new byte[32])), START);

        assertThat(closed).containsExactly(Map.entry(1L, CloseCodes.SERVER_ERROR));
        assertThat(failures).hasSize(1);
    }

    @Test
    void revoke_sessionsOfTheClient_endAndOthersStay() {
        hello(1, "alice", START);
        hello(2, "alice", START);
        hello(3, "bob", START);
        machine.revoke("alice");

        assertThat(closed.keySet()).containsExactlyInAnyOrder(1L, 2L);
        assertThat(machine.sessions()).isOne();
    }

    @Test
    void closed_sessions_makeRoomForMoreOfTheClient() {
        for (long id = 1; id <= 100; id++) {
            hello(id, "alice", START);
            machine.closed(id);
        }

        assertThat(closed).isEmpty();
        assertThat(machine.sessions()).isZero();
    }

    @Test
    void opened_moreThanTheServerHolds_closesTheNewest() {
        for (long id = 0; id <= KeysMachine.MAX_SESSIONS; id++) {
            machine.opened(id, START);
        }

        assertThat(closed)
                .containsExactly(Map.entry((long) KeysMachine.MAX_SESSIONS, KeysProtocol.CLOSE_TOO_MANY_SESSIONS));
    }

    @Test
    void close_machine_answersNothingMore() {
        hello(1, "alice", START);
        sent.clear();
        machine.close();
        machine.message(1, new ClientMessage.Ping(), START);
        machine.tick(START + EPOCH_MILLIS);
        machine.opened(2, START);

        assertThat(sent).isEmpty();
        assertThat(closed).containsExactly(Map.entry(2L, CloseCodes.GOING_AWAY));
    }

    private void hello(long id, String name, long nowMillis) {
        machine.opened(id, nowMillis);
        machine.message(id, helloMessage(name, "good"), nowMillis);
    }

    private static ClientMessage helloMessage(String name, String token) {
        return ClientMessage.hello(name, SecretBytes.copyOf(token.getBytes(US_ASCII)), null, 0);
    }

    private SecretBytes welcomeKey(long id) {
        return ((ServerMessage.Welcome) sent(id).get(0)).epochs().get(0).key();
    }

    private List<ServerMessage> sent(long id) {
        return sent.getOrDefault(id, List.of());
    }

    private Optional<BlobGrant> noBlob(BlobId id) throws IOException {
        if (keyStoreBroken) {
            throw new IOException("broken for the test");
        }
        return Optional.empty();
    }

    private final class Access implements AccessCheck {
        @Override
        public boolean accepts(String client, String token) {
            return token.equals("good");
        }

        @Override
        public boolean revoked(String client) {
            return revoked.contains(client);
        }

        @Override
        public Set<String> revoked() {
            return revoked;
        }
    }

    /** Keeps the messages, unlike the real output, which closes them. */
    private final class Recorder implements KeysOutput {
        @Override
        public void send(long session, ServerMessage message) {
            sent.computeIfAbsent(session, id -> new ArrayList<>()).add(message);
        }

        @Override
        public void close(long session, int code, String reason) {
            closed.put(session, code);
        }

        @Override
        public void failed(IOException failure) {
            failures.add(failure);
        }
    }
}
