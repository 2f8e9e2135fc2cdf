package io.runnel.http.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.http.keys.message.ClientMessage.Ping;
import io.runnel.http.keys.message.ClientMessage.Play;
import io.runnel.http.keys.message.ClientMessage.RenewCredential;
import io.runnel.http.keys.message.ServerMessage.Denial;
import io.runnel.keys.KeyException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Grants and tickets from the asking to the answer, and the epochs they depend on. */
final class KeysRequestsTest extends KeysMachineFixture {
    @Test
    void grant_unansweredThoughTheServerPongs_theSessionIsTakenForDeadAndTheNextGrantHasAnother() {
        openSession(3);
        machine.grant(1, BLOB, now);
        pass(4_000);
        machine.message(server.pong(SERVER_START), now);
        pass(4_000);
        machine.message(server.pong(SERVER_START), now);
        pass(2_000);
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
        pass(4_000);
        machine.message(server.pong(SERVER_START), now);
        pass(4_000);
        machine.message(server.pong(SERVER_START), now);
        pass(1_999);
        assertThat(effects.refusals).isEmpty();
        pass(1);
        assertThat(effects.refusals).containsEntry(1L, Reason.UNAVAILABLE);
        machine.message(server.envelope(request, BLOB, 3), now);
        assertThat(effects.grants).isEmpty();
    }

    @Test
    void grant_sessionsThatAreCutAgainAndAgain_isUnavailableAfter10SecondsAllTheSame() {
        openSession(3);
        machine.grant(1, BLOB, now);
        while (effects.refusals.isEmpty() && now < START + 60_000) {
            pass(500);
            machine.closed(1006, now);
            pass(machine.nextWakeMillis() - now);
            machine.connected(token(), 123, now);
            machine.message(server.welcome(SERVER_START + now - START, 3), now);
        }
        assertThat(effects.refusals).containsEntry(1L, Reason.UNAVAILABLE);
        assertThat(now).isBetween(START + 10_000, START + 10_500);
        assertThat(effects.count(Play.class)).as("asked for in each session").isGreaterThan(2);
    }

    @Test
    void grant_noConnection_isUnavailableAfter10Seconds() {
        machine.open(now);
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
    void withdraw_asManyGrantsAndTicketsAsMayWait_makesRoomAndTheyGetNoAnswer() {
        for (int i = 0; i < KeysLimits.MAX_WAITING; i++) {
            machine.grant(i, BLOB, now);
            machine.ticket(10_000L + i, BLOB, now);
            machine.withdraw(i);
            machine.withdraw(10_000L + i);
        }
        assertThat(machine.nextWakeMillis()).isEqualTo(Long.MAX_VALUE);
        machine.grant(5000, BLOB, now);
        machine.ticket(15_000, BLOB, now);
        openSwarmSession();
        machine.message(server.envelope(play(), BLOB, 3), now);
        assertThat(effects.grants).containsOnlyKeys(5000L);
        assertThat(effects.tickets).containsOnlyKeys(15_000L);
        assertThat(effects.count(Play.class)).isEqualTo(1);
        assertThat(effects.refusals).isEmpty();
    }

    @Test
    void withdraw_grantThatWasAskedFor_itsAnswerIsNoViolation() {
        openSession(3);
        machine.grant(1, BLOB, now);
        machine.withdraw(1);
        machine.message(server.envelope(play(), BLOB, 3), now);
        machine.message(server.denied(play(), Denial.DENIED), now);
        machine.withdraw(1);
        pass(20_000);
        assertThat(effects.grants).isEmpty();
        assertThat(effects.refusals).isEmpty();
        assertThat(effects.disconnects).isEmpty();
    }

    @Test
    void withdraw_onlyTicketOfARenewal_theNextHasItsOwnTime() {
        openSwarmSession();
        pass(300_000);
        machine.ticket(1, BLOB, now);
        machine.withdraw(1);
        pass(60_000);
        machine.ticket(2, BLOB, now);
        assertThat(effects.tickets).isEmpty();
        pass(10_000);
        assertThat(effects.tickets).containsOnlyKeys(2L);
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

    /** As after its clock was set wrong, and then right. */
    @ParameterizedTest
    @ValueSource(longs = {60_001, 3_600_000, 86_400_000})
    void epochs_welcomeOfAClockAheadThenOneThatIsRight_opensAgain(long aheadMillis) {
        long ahead = aheadMillis / 300_000 + 4;
        connect();
        machine.message(server.welcome(SERVER_START + aheadMillis, ahead, ahead + 1), now);
        // Long enough for an epoch of the wrong time to be retired, whose number is far ahead.
        pass(700_000);
        machine.closed(1001, now);
        pass(1_000);
        machine.connected(token(), 123, now);
        machine.message(server.welcome(SERVER_START + 701_000, 5), now);
        machine.grant(1, BLOB, now);
        machine.message(server.envelope(play(), BLOB, 5), now);
        assertGranted(1);
        // And its time ends as it should: epoch 5 is over at 1,800 s and its grace at 1,830 s by the server's clock.
        pass(1_830_000 - SERVER_START - 701_000);
        machine.grant(2, BLOB, now);
        machine.message(server.envelope(play(), BLOB, 5), now);
        machine.message(server.envelope(play(), BLOB, 5), now);
        assertThat(effects.refusals).containsEntry(2L, Reason.BAD_ENVELOPE);
    }

    @Test
    void ticket_freshCredential_isGivenAtOnce() {
        connect();
        machine.ticket(1, BLOB, now);
        machine.message(server.welcome(SERVER_START, SERVER_START + 600_000, "one", 3), now);
        machine.ticket(2, BLOB, now);
        assertThat(effects.tickets).containsOnlyKeys(1L, 2L);
        assertThat(effects.tickets.get(1L).serverTime()).isEqualTo(Instant.ofEpochMilli(SERVER_START));
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

    /** What a pong says was so when it was sent. */
    @Test
    void ticket_slowPongAfterAFastOne_tellsNoEarlierTime() {
        openSwarmSession();
        pass(60_000);
        machine.message(server.pong(SERVER_START + 60_000), now);
        pass(60_000);
        machine.message(server.pong(SERVER_START + 100_000), now);
        machine.ticket(1, BLOB, now);
        assertThat(effects.tickets.get(1L).serverTime()).isEqualTo(Instant.ofEpochMilli(SERVER_START + 120_000));
    }

    @Test
    void ticket_renewalDeniedUnansweredOrCut_givesTheOldOneWhileItIsValid() {
        openSwarmSession();
        pass(300_000);
        machine.ticket(1, BLOB, now);
        machine.message(server.denied(effects.last(RenewCredential.class).request(), Denial.DENIED), now);
        assertThat(effects.tickets).as("at once").containsOnlyKeys(1L);
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

    private String credential(long id) {
        byte[] bytes = new byte[effects.tickets.get(id).credential().remaining()];
        effects.tickets.get(id).credential().duplicate().get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
