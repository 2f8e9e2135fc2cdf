package io.runnel.http.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SecretBytes;
import io.runnel.http.keys.message.ClientMessage.Hello;
import io.runnel.http.keys.message.ClientMessage.Play;
import io.runnel.http.keys.message.ServerMessage.Denial;
import io.runnel.keys.KeyException.Reason;
import io.runnel.sharing.SharingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The session with the app server: its beginning, its end, and the next one. */
final class KeysMachineTest extends KeysMachineFixture {
    @Test
    void open_connected_greetsWithNameTokenPeerKeyAndClock() {
        connect();
        Hello hello = effects.last(Hello.class);
        assertThat(hello.client()).isEqualTo("alice");
        assertThat(hello.token()).isEqualTo(token());
        assertThat(hello.peerKey()).contains(PEER);
        assertThat(hello.clock()).isEqualTo(123);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two\nlines", "caf\u00e9"})
    void connected_tokenThatCannotBeOne_failsWhoWaitsAndTriesAgainLater(String token) {
        machine.open(now);
        machine.grant(1, BLOB, now);
        machine.ticket(2, BLOB, now);
        machine.connected(SecretBytes.adopt(token.getBytes(StandardCharsets.UTF_8)), 123, now);
        assertThat(effects.refusals).containsOnly(Map.entry(1L, Reason.DENIED), Map.entry(2L, Reason.DENIED));
        assertThat(effects.disconnects).containsExactly(1000);
        assertThat(effects.count(Hello.class)).isZero();
        pass(1_000);
        assertThat(effects.connects).isEqualTo(2);
        machine.connected(token(), 123, now);
        assertThat(effects.count(Hello.class)).isEqualTo(1);
    }

    @Test
    void noToken_whoAsksMeanwhileAndWaitsInVain_hearsThatItIsTheToken() {
        machine.open(now);
        machine.noToken("the app's token supplier gave null", now);
        machine.grant(1, BLOB, now);
        machine.ticket(2, BLOB, now);
        pass(20_000);
        assertThat(effects.refusals).containsOnly(Map.entry(1L, Reason.DENIED), Map.entry(2L, Reason.DENIED));
        machine.unreachable(null, now);
        machine.grant(3, BLOB, now);
        pass(20_000);
        assertThat(effects.refusals).containsEntry(3L, Reason.UNAVAILABLE);
    }

    @Test
    void connected_channelIsNotWantedAnyMore_wipesTheToken() {
        SecretBytes token = token();
        machine.open(now);
        machine.close();
        machine.connected(token, 123, now);
        assertThat(token.isClosed()).isTrue();
        assertThat(effects.count(Hello.class)).isZero();
    }

    @Test
    void mode_inASession_isPassedOn() {
        openSession(3);
        machine.message(server.mode(SharingMode.OFF), now);
        machine.message(server.mode(SharingMode.SHADOW), now);
        assertThat(effects.modes).containsExactly(SharingMode.OFF, SharingMode.SHADOW);
        assertThat(effects.disconnects).isEmpty();
    }

    @Test
    void revoked_message_wipesFailsPendingAndIsFinal() {
        openSession(3);
        machine.grant(1, BLOB, now);
        machine.ticket(2, BLOB, now);
        machine.message(server.revoked(), now);
        assertShutOut(Reason.REVOKED);
        assertThat(effects.refusals).containsEntry(1L, Reason.REVOKED);
    }

    @ParameterizedTest
    @CsvSource({"4403,REVOKED", "4401,DENIED"})
    void closed_finalCode_wipesFailsPendingAndIsFinal(int code, Reason reason) {
        openSession(3);
        machine.grant(1, BLOB, now);
        machine.closed(code, now);
        assertThat(effects.refusals).containsEntry(1L, reason);
        assertShutOut(reason);
    }

    @Test
    void closed_finalCodeBeforeTheWelcome_isFinalToo() {
        machine.grant(1, BLOB, now);
        connect();
        machine.closed(4401, now);
        assertThat(effects.refusals).containsEntry(1L, Reason.DENIED);
        assertShutOut(Reason.DENIED);
    }

    @Test
    void end_inAnyWay_wipesEverySecretHeld() throws Exception {
        List<Consumer<KeysMachine>> ends = List.of(
                KeysMachine::close,
                each -> each.closed(4401, now),
                each -> each.closed(4403, now),
                each -> each.message(server.revoked(), now));
        for (Consumer<KeysMachine> end : ends) {
            KeysMachine ending = machine(PEER);
            ending.open(now);
            ending.connected(token(), 123, now);
            ending.message(server.welcome(SERVER_START, SERVER_START + 600_000, "one", 3), now);
            List<SecretBytes> held = HeldSecrets.of(ending, effects);
            assertThat(held)
                    .as("the epoch's key and the collection's secret")
                    .hasSize(2)
                    .noneMatch(SecretBytes::isClosed);
            end.accept(ending);
            assertThat(held).allMatch(SecretBytes::isClosed);
            assertThat(ending.nextWakeMillis()).isEqualTo(Long.MAX_VALUE);
        }
    }

    private void assertShutOut(Reason reason) {
        assertThat(effects.shutOuts).isEqualTo(1);
        machine.grant(77, BLOB, now);
        assertThat(effects.refusals).containsEntry(77L, reason);
        machine.closed(4403, now);
        machine.close();
        pass(1_000_000);
        assertThat(effects.connects).isEqualTo(1);
        assertThat(effects.shutOuts).isEqualTo(1);
        assertThat(machine.nextWakeMillis()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1006, 1009, 4400, 4408, 4409, 4429, 4999})
    void closed_anyOtherCode_connectsAgainAndKeepsTheKeys(int code) {
        openSession(3);
        machine.grant(1, BLOB, now);
        machine.closed(code, now);
        long delay = machine.nextWakeMillis() - now;
        assertThat(delay).isBetween(0L, code == 4409 || code == 4429 ? 8_000L : 1_000L);
        pass(delay);
        assertThat(effects.connects).isEqualTo(2);
        machine.connected(token(), 123, now);
        machine.message(server.welcome(SERVER_START + delay), now);
        machine.message(server.envelope(play(), BLOB, 3), now);
        assertGranted(1);
    }

    @ParameterizedTest
    @CsvSource({"1006,1000", "4400,1000", "4409,8000", "4429,8000"})
    void closed_firstTime_mayWaitLongerWhereTheServerWantsCalm(int code, long longest) {
        KeysMachine slow = slowest();
        slow.closed(code, now);
        assertThat(slow.nextWakeMillis() - now).isEqualTo(longest);
    }

    @Test
    void flooded_firstTime_mayWaitAsLongAsWhereTheServerWantsCalm() {
        KeysMachine slow = slowest();
        slow.flooded(now);
        assertThat(slow.nextWakeMillis() - now).isEqualTo(8_000);
    }

    /** In a session, and always unlucky: of the delays it may draw it draws the longest. */
    private KeysMachine slowest() {
        RandomGenerator unlucky = new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("only bounded numbers are drawn");
            }

            @Override
            public long nextLong(long bound) {
                return bound - 1;
            }
        };
        KeysMachine slow = new KeysMachine(new KeysMachine.Identity("alice", null), LIMITS, unlucky, effects);
        slow.open(now);
        slow.connected(token(), 123, now);
        slow.message(server.welcome(SERVER_START, 3), now);
        return slow;
    }

    @Test
    void closed_timeAndAgain_backsOffUpTo60SecondsWithJitter() {
        machine.open(now);
        long longest = 0;
        for (int i = 1; i <= 40; i++) {
            machine.closed(1006, now);
            long delay = machine.nextWakeMillis() - now;
            assertThat(delay).isBetween(0L, Math.min(60_000L, 1000L << Math.min(i - 1, 20)));
            longest = Math.max(longest, delay);
            pass(delay);
            assertThat(effects.connects).isEqualTo(i + 1);
        }
        assertThat(longest).isGreaterThan(30_000);
    }

    @Test
    void closed_atEveryStepOfASession_theGrantIsGivenInTheNext() {
        for (int step = 0; step < 4; step++) {
            RecordingEffects fresh = new RecordingEffects();
            KeysMachine cut =
                    new KeysMachine(new KeysMachine.Identity("alice", null), LIMITS, new SplittableRandom(step), fresh);
            long time = START;
            cut.open(time);
            cut.grant(1, BLOB, time);
            if (step > 0) {
                cut.connected(token(), 123, time);
            }
            if (step > 1) {
                cut.message(server.welcome(SERVER_START, 3), time);
            }
            if (step > 2) {
                cut.message(server.envelope(fresh.last(Play.class).request(), BLOB, 4), time);
            }
            cut.closed(1006, time);
            time = cut.nextWakeMillis();
            cut.tick(time);
            assertThat(fresh.connects).as("step " + step).isEqualTo(2);
            cut.connected(token(), 123, time);
            cut.message(server.welcome(SERVER_START, 3, 4), time);
            if (step <= 2) {
                cut.message(server.envelope(fresh.last(Play.class).request(), BLOB, 4), time);
            }
            assertThat(fresh.grants).as("step " + step).containsOnlyKeys(1L);
        }
    }

    @Test
    void flooded_inASession_endsItAndComesBackLater() {
        openSession(3);
        machine.grant(1, BLOB, now);
        machine.flooded(now);
        assertThat(effects.disconnects).containsExactly(4429);
        pass(60_000);
        assertThat(effects.connects).isEqualTo(2);
        machine.flooded(now);
        assertThat(effects.disconnects).hasSize(1);
    }

    @Test
    void unreachable_requestsWaitInVain_hearWhy() {
        machine.open(now);
        machine.grant(1, BLOB, now);
        machine.ticket(2, BLOB, now);
        machine.unreachable("its certificate is not trusted", now);
        pass(10_000);
        assertThat(effects.refusals).containsOnly(Map.entry(1L, Reason.UNAVAILABLE), Map.entry(2L, Reason.UNAVAILABLE));
        assertThat(effects.messages).allMatch(said -> said.contains("its certificate is not trusted"));
    }

    @Test
    void connecting_noAnswer_isGivenUpAfter60SecondsAndTriedAnew() {
        machine.open(now);
        pass(59_999);
        assertThat(effects.connects).isEqualTo(1);
        machine.grant(1, BLOB, now);
        pass(1);
        assertThat(effects.disconnects).containsExactly(1000);
        pass(10_000);
        assertThat(effects.connects).isEqualTo(2);
        assertThat(effects.refusals).containsOnly(Map.entry(1L, Reason.UNAVAILABLE));
        assertThat(effects.messages).allMatch(said -> said.contains("connector gives no answer"));
        openSession(3);
        machine.grant(2, BLOB, now);
        machine.message(server.envelope(play(), BLOB, 3), now);
        assertGranted(2);
    }

    @Test
    void greeting_noWelcome_isGivenUpAfter10Seconds() {
        connect();
        pass(10_000);
        assertThat(effects.disconnects).containsExactly(4400);
        pass(1_000);
        assertThat(effects.connects).isEqualTo(2);
    }

    @Test
    void message_thatBreaksTheProtocol_endsTheSessionAndIsTriedAnew() {
        List<String> beforeWelcome = List.of(
                "",
                "{}",
                server.epoch(3),
                server.pong(1),
                server.denied(1, Denial.DENIED),
                server.mode(SharingMode.OFF));
        for (String text : beforeWelcome) {
            assertViolation(text, false);
        }
        List<String> afterwards = List.of(
                "nonsense",
                server.welcome(1),
                server.denied(99, Denial.DENIED),
                server.envelope(99, BLOB, 3),
                server.credential(0, "c", 9),
                "{\"type\":\"mode\",\"mode\":\"off\"}",
                "{\"type\":\"ping\"}");
        for (String text : afterwards) {
            assertViolation(text, true);
        }
    }

    private void assertViolation(String text, boolean welcomed) {
        RecordingEffects fresh = new RecordingEffects();
        KeysMachine rude =
                new KeysMachine(new KeysMachine.Identity("alice", null), LIMITS, new SplittableRandom(1), fresh);
        rude.open(now);
        rude.connected(token(), 123, now);
        if (welcomed) {
            rude.message(server.welcome(SERVER_START, 3), now);
        }
        rude.message(text, now);
        assertThat(fresh.disconnects).as(text).containsExactly(4400);
        rude.tick(now + 60_000);
        assertThat(fresh.connects).as(text).isEqualTo(2);
    }

    @Test
    void close_pendingRequests_failWithClosedAndNothingFollows() {
        openSession(3);
        machine.grant(1, BLOB, now);
        machine.close();
        machine.close();
        machine.grant(2, BLOB, now);
        machine.ticket(3, BLOB, now);
        assertThat(effects.refusals.values()).containsOnly(Reason.CLOSED).hasSize(3);
        assertThat(effects.disconnects).containsExactly(1000);
        assertThat(effects.shutOuts).isZero();
    }
}
