package io.runnel.http.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.http.keys.message.ClientMessage.Ping;
import io.runnel.http.keys.message.ClientMessage.Play;
import io.runnel.http.keys.message.ClientMessage.RenewCredential;
import io.runnel.keys.KeyException.Reason;
import org.junit.jupiter.api.Test;

/** A channel that died without a word: when it is known and what becomes of the requests; and a server that is only slow. */
final class KeysSilenceTest extends KeysMachineFixture {
    private static final BlobId OTHER = BlobId.parse("cd".repeat(32));

    private void reconnect() {
        assertThat(effects.connects).isEqualTo(2);
        machine.connected(token(), 123, now);
    }

    @Test
    void grant_channelIsDead_isPingedAfter2SecondsAndAskedAgainOnAnother3SecondsLater() {
        openSession(3);
        pass(20_000);
        machine.grant(1, BLOB, now);
        pass(1_999);
        assertThat(effects.count(Ping.class)).isZero();
        pass(1);
        assertThat(effects.count(Ping.class)).isOne();
        pass(2_999);
        assertThat(effects.disconnects).isEmpty();
        pass(1);
        assertThat(effects.disconnects).containsExactly(1000);
        pass(1_000);
        reconnect();
        machine.message(server.welcome(SERVER_START + now - START, 3), now);
        assertThat(effects.count(Play.class)).isEqualTo(2);
        machine.message(server.envelope(play(), BLOB, 3), now);
        assertGranted(1);
        assertThat(effects.refusals).isEmpty();
    }

    @Test
    void grant_askedForAgainAndAgainOnADeadChannel_putsNothingOff() {
        openSession(3);
        for (int i = 0; i < 9; i++) {
            machine.grant(i, BLOB, now);
            pass(500);
        }
        assertThat(effects.disconnects).isEmpty();
        pass(500);
        assertThat(effects.disconnects).containsExactly(1000);
        assertThat(effects.count(Ping.class)).isOne();
    }

    @Test
    void ticket_channelIsDeadAndTheCredentialIsStillValid_isGivenOnceThatIsKnown() {
        openSwarmSession();
        pass(300_000);
        machine.ticket(1, BLOB, now);
        assertThat(effects.count(RenewCredential.class)).isOne();
        pass(4_999);
        assertThat(effects.tickets).isEmpty();
        pass(1);
        assertThat(effects.disconnects).containsExactly(1000);
        assertThat(effects.tickets).containsOnlyKeys(1L);
    }

    @Test
    void ticket_channelIsDeadAndTheCredentialHasRunOut_isGivenWithThatOfTheNextWelcome() {
        openSwarmSession();
        pass(600_000);
        machine.ticket(1, BLOB, now);
        pass(6_000);
        reconnect();
        long server = SERVER_START + now - START;
        machine.message(this.server.welcome(server, server + 600_000, "two", 5), now);
        assertThat(effects.tickets).containsOnlyKeys(1L);
    }

    @Test
    void grant_serverIsSlowAndAnswersPings_isKeptAndPingedNowAndThen() {
        openSession(3);
        machine.grant(1, BLOB, now);
        long request = play();
        while (now < START + 8_000) {
            pass(2_000);
            machine.message(server.pong(SERVER_START + now - START), now);
        }
        pass(1_999);
        machine.message(server.envelope(request, BLOB, 3), now);
        assertGranted(1);
        assertThat(effects.disconnects).isEmpty();
        assertThat(effects.count(Ping.class)).isEqualTo(4);
    }

    @Test
    void grant_pongComesAfterAlmost3Seconds_theChannelIsKept() {
        openSession(3);
        machine.grant(1, BLOB, now);
        pass(4_999);
        machine.message(server.pong(SERVER_START), now);
        pass(4_999);
        machine.message(server.envelope(play(), BLOB, 3), now);
        assertGranted(1);
        assertThat(effects.disconnects).isEmpty();
    }

    /** Whatever is heard shows that the channel is alive. */
    @Test
    void grant_othersAreAnsweredMeanwhile_costsNoPing() {
        openSession(3);
        machine.grant(1, BLOB, now);
        long slow = play();
        for (int i = 2; i < 8; i++) {
            machine.grant(i, OTHER, now);
            pass(1_500);
            machine.message(server.envelope(play(), OTHER, 3), now);
        }
        machine.message(server.envelope(slow, BLOB, 3), now);
        assertGranted(1);
        assertThat(effects.count(Ping.class)).isZero();
    }

    @Test
    void session_nobodyWaits_isPingedOnceAMinuteAndKept() {
        openSwarmSession();
        pass(300_000);
        machine.ticket(1, BLOB, now);
        machine.withdraw(1);
        pass(300_000);
        assertThat(effects.count(Ping.class)).isEqualTo(10);
        assertThat(effects.disconnects).isEmpty();
    }

    /** As after the thread was held up: what came meanwhile may not be read yet. */
    @Test
    void tick_comesLate_pingsBeforeTheChannelIsGivenUp() {
        openSession(3);
        machine.grant(1, BLOB, now);
        now += 9_000;
        machine.tick(now);
        assertThat(effects.disconnects).isEmpty();
        assertThat(effects.count(Ping.class)).isOne();
    }

    /** As where a middlebox lets a welcome through and no more. */
    @Test
    void grant_everyChannelIsDeadAfterTheWelcome_backsOff() {
        openSession(3);
        for (int i = 0; now < START + 600_000; i++) {
            machine.grant(i, BLOB, now);
            int before = effects.connects;
            pass(1_000);
            if (effects.connects > before) {
                machine.connected(token(), 123, now);
                machine.message(server.welcome(SERVER_START + now - START, 3), now);
            }
        }
        assertThat(effects.connects).isLessThan(40);
        assertThat(effects.refusals).containsEntry(1L, Reason.UNAVAILABLE);
    }
}
