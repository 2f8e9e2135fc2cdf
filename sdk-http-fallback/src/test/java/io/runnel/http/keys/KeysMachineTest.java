package io.runnel.http.keys;

import static io.runnel.http.testing.ScriptedAppServer.BLOB_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import io.runnel.http.keys.message.ClientMessage.Hello;
import io.runnel.http.keys.message.ClientMessage.Ping;
import io.runnel.http.keys.message.ClientMessage.Play;
import io.runnel.http.keys.message.ClientMessage.RenewCredential;
import io.runnel.http.keys.message.ServerMessage.Denial;
import io.runnel.http.retry.FullJitter;
import io.runnel.http.testing.ScriptedAppServer;
import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeyException.Reason;
import io.runnel.sharing.SharingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine with a scripted server in virtual time: ours starts at 7 s, the server's at 1,000 s into 1970. */
final class KeysMachineTest {
    private static final BlobId BLOB = BlobId.parse("ab".repeat(32));
    private static final KeysLimits LIMITS = new KeysLimits(
            10_000, 10_000, 5_000, 60_000, new FullJitter(Duration.ofSeconds(1), Duration.ofSeconds(60)));
    private static final VerifyingKey PEER = VerifyingKey.of(new byte[32]);
    private static final long SERVER_START = 1_000_000;
    private static final long START = 7_000;

    private final ScriptedAppServer server = new ScriptedAppServer("alice");
    private final RecordingEffects effects = new RecordingEffects();
    private final KeysMachine machine = machine(PEER);
    private long now = START;

    private KeysMachine machine(@Nullable VerifyingKey peerKey) {
        return new KeysMachine(new KeysMachine.Identity("alice", peerKey), LIMITS, new SplittableRandom(5), effects);
    }

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
        machine.open();
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
    void grant_unanswered_theSessionIsTakenForDeadAndTheNextGrantHasAnother() {
        openSession(3);
        machine.grant(1, BLOB, now);
        pass(10_000);
        assertThat(effects.refusals).containsEntry(1L, Reason.UNAVAILABLE);
        assertThat(effects.disconnects).containsExactly(4400);
        machine.grant(2, BLOB, now);
        pass(1_000);
        assertThat(effects.connects).isEqualTo(2);
        openSession(3);
        machine.message(server.envelope(play(), BLOB, 3), now);
        assertGranted(2);
    }

    @Test
    void grant_envelopeOfAnEpochHeld_opens() {
        openSession(3);
        machine.grant(1, BLOB, now);
        machine.message(server.envelope(play(), BLOB, 3), now);
        assertGranted(1);
    }

    @Test
    void grant_severalAtOnceAnsweredInAnyOrder_eachGetsItsOwn() {
        openSession(3);
        BlobId other = BlobId.parse("cd".repeat(32));
        machine.grant(1, BLOB, now);
        long first = play();
        machine.grant(2, other, now);
        long second = play();
        machine.message(server.envelope(second, other, 3), now);
        machine.message(server.envelope(first, BLOB, 3), now);
        assertGranted(1);
        assertGranted(2);
    }

    @Test
    void grant_beforeTheSessionIsOpen_isAskedForOnceItIs() {
        machine.grant(1, BLOB, now);
        connect();
        assertThat(effects.count(Play.class)).isZero();
        machine.message(server.welcome(SERVER_START, 3), now);
        machine.message(server.envelope(play(), BLOB, 3), now);
        assertGranted(1);
    }

    @ParameterizedTest
    @CsvSource({"NOT_FOUND,NOT_FOUND", "DENIED,DENIED"})
    void grant_denied_failsWithTheReason(Denial denial, Reason reason) {
        openSession(3);
        machine.grant(1, BLOB, now);
        machine.message(server.denied(play(), denial), now);
        assertThat(effects.refusals).containsEntry(1L, reason);
    }

    @Test
    void grant_envelopeForSomeoneElseOrAnotherBlobOrDamaged_isRefused() {
        openSession(3);
        machine.grant(1, BLOB, now);
        machine.message(server.envelopeFor("bob", play(), BLOB, 3), now);
        machine.grant(2, BLOB, now);
        machine.message(server.envelope(play(), BlobId.parse("00".repeat(32)), 3), now);
        machine.grant(3, BLOB, now);
        String whole = server.envelope(play(), BLOB, 3);
        int at = whole.length() - 10;
        machine.message(whole.substring(0, at) + (whole.charAt(at) == 'A' ? 'B' : 'A') + whole.substring(at + 1), now);
        assertThat(effects.refusals.values())
                .containsExactly(Reason.BAD_ENVELOPE, Reason.BAD_ENVELOPE, Reason.BAD_ENVELOPE);
        assertThat(effects.grants).isEmpty();
    }

    @Test
    void grant_envelopeOfAnUnknownEpoch_opensWhenItsKeyIsPushed() {
        openSession(3);
        machine.grant(1, BLOB, now);
        machine.message(server.envelope(play(), BLOB, 4), now);
        pass(4_999);
        assertThat(effects.refusals).isEmpty();
        machine.message(server.epoch(4), now);
        assertGranted(1);
        assertThat(effects.count(Play.class)).isEqualTo(1);
    }

    @Test
    void grant_keyOfTheEpochDoesNotCome_asksOnceMoreAfter5SecondsAndThenGivesUp() {
        openSession(3);
        machine.grant(1, BLOB, now);
        machine.message(server.envelope(play(), BLOB, 9), now);
        pass(5_000);
        assertThat(effects.count(Play.class)).isEqualTo(2);
        machine.message(server.envelope(play(), BLOB, 9), now);
        assertThat(effects.refusals).containsEntry(1L, Reason.BAD_ENVELOPE);
    }

    @Test
    void grant_keyOfTheEpochDoesNotComeButASecondEnvelopeOpens_isGranted() {
        openSession(3);
        machine.grant(1, BLOB, now);
        machine.message(server.envelope(play(), BLOB, 9), now);
        pass(5_000);
        machine.message(server.envelope(play(), BLOB, 3), now);
        assertGranted(1);
    }

    @Test
    void grant_expiredEnvelope_isAskedForOnceMore() {
        openSession(3);
        machine.grant(1, BLOB, now);
        machine.message(server.envelopeUntil(SERVER_START, play(), BLOB, 3), now);
        assertThat(effects.count(Play.class)).isEqualTo(2);
        machine.message(server.envelopeUntil(SERVER_START, play(), BLOB, 3), now);
        assertThat(effects.refusals).containsEntry(1L, Reason.BAD_ENVELOPE);
    }

    @Test
    void grant_noAnswer_isUnavailableAfter10Seconds() {
        openSession(3);
        machine.grant(1, BLOB, now);
        long request = play();
        pass(9_999);
        assertThat(effects.refusals).isEmpty();
        pass(1);
        assertThat(effects.refusals).containsEntry(1L, Reason.UNAVAILABLE);
        machine.message(server.envelope(request, BLOB, 3), now);
        assertThat(effects.grants).isEmpty();
    }

    @Test
    void grant_noConnection_isUnavailableAfter10Seconds() {
        machine.open();
        machine.grant(1, BLOB, now);
        pass(10_000);
        assertThat(effects.refusals).containsEntry(1L, Reason.UNAVAILABLE);
    }

    @Test
    void grant_moreThanMayWait_isUnavailableAtOnce() {
        for (int i = 0; i < KeysLimits.MAX_WAITING; i++) {
            machine.grant(i, BLOB, now);
        }
        assertThat(effects.refusals).isEmpty();
        machine.grant(5000, BLOB, now);
        assertThat(effects.refusals).containsOnlyKeys(5000L);
    }

    @Test
    void epochs_rotation_followsTheServersTime() {
        openSession(3);
        machine.message(server.epoch(4), now);
        // Epoch 3 is over at 1,200 s and its grace at 1,230 s by the server's clock, 200 s and 230 s from now.
        pass(229_999);
        machine.grant(1, BLOB, now);
        machine.message(server.envelope(play(), BLOB, 3), now);
        assertGranted(1);
        pass(1);
        machine.grant(2, BLOB, now);
        machine.message(server.envelope(play(), BLOB, 3), now);
        machine.message(server.envelope(play(), BLOB, 4), now);
        assertGranted(2);
        assertThat(effects.count(Play.class)).isEqualTo(3);
    }

    @Test
    void epochs_pongTellsALaterTime_isBelieved() {
        openSession(3);
        pass(60_000);
        assertThat(effects.count(Ping.class)).isEqualTo(1);
        machine.message(server.pong(1_230_000), now);
        machine.grant(1, BLOB, now);
        machine.message(server.envelope(play(), BLOB, 3), now);
        machine.message(server.envelope(play(), BLOB, 3), now);
        assertThat(effects.refusals).containsEntry(1L, Reason.BAD_ENVELOPE);
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

    @Test
    void closed_timeAndAgain_backsOffUpTo60SecondsWithJitter() {
        machine.open();
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
            cut.open();
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
        rude.open();
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
    void ticket_freshCredential_isGivenAtOnce() {
        connect();
        machine.ticket(1, BLOB, now);
        machine.message(server.welcome(SERVER_START, SERVER_START + 600_000, "one", 3), now);
        machine.ticket(2, BLOB, now);
        assertThat(effects.tickets).containsOnlyKeys(1L, 2L);
        assertThat(effects.tickets.get(1L).credentialExpiry()).isEqualTo(Instant.ofEpochMilli(SERVER_START + 600_000));
        assertThat(credential(1)).isEqualTo("one");
        assertThat(effects.count(RenewCredential.class)).isZero();
    }

    @Test
    void ticket_lessThanHalfTheLifeLeft_renewsFirst() {
        openSwarmSession();
        pass(300_000);
        machine.ticket(1, BLOB, now);
        machine.ticket(2, BLOB, now);
        assertThat(effects.tickets).isEmpty();
        assertThat(effects.count(RenewCredential.class)).isEqualTo(1);
        long request = effects.last(RenewCredential.class).request();
        machine.message(server.credential(request, "two", SERVER_START + 900_000), now);
        assertThat(credential(1)).isEqualTo("two");
        machine.ticket(3, BLOB, now);
        assertThat(effects.tickets).containsOnlyKeys(1L, 2L, 3L);
    }

    @Test
    void ticket_afterSuspend_isRenewedOnceAPongTellsTheTime() {
        openSwarmSession();
        pass(60_000);
        machine.message(server.pong(SERVER_START + 7_200_000), now);
        machine.ticket(1, BLOB, now);
        assertThat(effects.tickets).isEmpty();
        long request = effects.last(RenewCredential.class).request();
        machine.message(server.credential(request, "two", SERVER_START + 7_800_000), now);
        assertThat(credential(1)).isEqualTo("two");
    }

    @Test
    void ticket_renewalDeniedUnansweredOrCut_givesTheOldOneWhileItIsValid() {
        openSwarmSession();
        pass(300_000);
        machine.ticket(1, BLOB, now);
        machine.message(server.denied(effects.last(RenewCredential.class).request(), Denial.DENIED), now);
        machine.ticket(2, BLOB, now);
        pass(10_000);
        machine.ticket(3, BLOB, now);
        machine.closed(1006, now);
        assertThat(effects.tickets).containsOnlyKeys(1L, 2L, 3L);
        assertThat(credential(3)).isEqualTo("one");
        machine.ticket(4, BLOB, now + 290_000);
        machine.tick(now + 300_000);
        assertThat(effects.refusals).containsOnly(Map.entry(4L, Reason.UNAVAILABLE));
    }

    @Test
    void ticket_noPeerKeyOrNoAccess_isDenied() {
        openSession(3);
        machine.ticket(1, BLOB, now);
        machine(null).ticket(2, BLOB, now);
        assertThat(effects.refusals).containsEntry(1L, Reason.DENIED).containsEntry(2L, Reason.DENIED);
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

    private void connect() {
        machine.open();
        machine.connected(token(), 123, now);
    }

    private void openSession(long... epochs) {
        connect();
        machine.message(server.welcome(SERVER_START, epochs), now);
    }

    private void openSwarmSession() {
        connect();
        machine.message(server.welcome(SERVER_START, SERVER_START + 600_000, "one", 3), now);
    }

    private long play() {
        return effects.last(Play.class).request();
    }

    /** Lets time pass, ticking whenever the machine wants it; a machine that wants too much is stuck. */
    private void pass(long millis) {
        long until = now + millis;
        for (int steps = 0; machine.nextWakeMillis() <= until; steps++) {
            assertThat(steps).as("ticks").isLessThan(10_000);
            now = Math.max(now, machine.nextWakeMillis());
            machine.tick(now);
        }
        now = until;
    }

    private void assertGranted(long id) {
        BlobGrant grant = effects.grants.get(id);
        assertThat(grant).as("refusals " + effects.refusals).isNotNull();
        assertThat(grant.key()).isEqualTo(server.blobKey());
        assertThat(grant.sizeBytes()).isEqualTo(BLOB_BYTES);
    }

    private String credential(long id) {
        byte[] bytes = new byte[effects.tickets.get(id).credential().remaining()];
        effects.tickets.get(id).credential().duplicate().get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static SecretBytes token() {
        return SecretBytes.adopt("token".getBytes(StandardCharsets.UTF_8));
    }
}
