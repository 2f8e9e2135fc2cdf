package io.runnel.p2p.signalling;

import static io.runnel.p2p.signalling.Village.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.keys.SwarmTicket;
import io.runnel.p2p.signalling.message.ServerMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose descriptions and credentials are believed, and for how long. */
class SignallingTrustTest extends SignallingFixture {
    @Test
    void description_anyByteChanged_neverReachesTheTransport() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        List<ByteBuffer> seen = new ArrayList<>();
        village.tracker.tamper = payload -> {
            seen.add(payload);
            return payload;
        };
        a.enter(1);
        b.enter(1);
        village.run(5 * SECOND);
        ByteBuffer offer = seen.stream()
                .filter(payload -> payload.remaining() > 5 && payload.get(4) == 2)
                .findFirst()
                .orElseThrow();
        Village.Resident lower = a.key.compareTo(b.key) < 0 ? a : b;
        Village.Resident higher = lower == a ? b : a;
        higher.lose(lower.key);
        int answers = (int) higher.log.stream().filter("Answer"::equals).count();
        for (int i = 0; i < offer.remaining(); i++) {
            byte[] bytes = PeerSignal.bytes(offer);
            bytes[i] ^= 1;
            ServerMessage message = new ServerMessage.Signal(village.swarm(1), lower.key, ByteBuffer.wrap(bytes));
            higher.apply(higher.machine.heard(message, higher.nanos()));
            assertThat(higher.log.stream().filter("Answer"::equals).count())
                    .as("byte %d", i)
                    .isEqualTo(answers);
        }
        // As it was it is a replay.
        higher.apply(
                higher.machine.heard(new ServerMessage.Signal(village.swarm(1), lower.key, offer), higher.nanos()));
        assertThat(higher.log.stream().filter("Answer"::equals).count()).isEqualTo(answers);
    }

    @Test
    void description_forAnotherPeerOrSwarm_isIgnored() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        Village.Resident c = village.resident();
        village.tracker.tamper = payload -> {
            // The tracker shows what one peer says to another to all, in two swarms.
            for (Village.Resident each : List.of(a, b, c)) {
                for (Village.Resident from : List.of(a, b, c)) {
                    each.hear(new ServerMessage.Signal(village.swarm(2), from.key, payload));
                }
            }
            return payload;
        };
        for (Village.Resident each : List.of(a, b, c)) {
            each.enter(1);
            each.enter(2);
        }
        village.run(30 * SECOND);
        for (Village.Resident each : List.of(a, b, c)) {
            each.open.forEach((peer, session) ->
                    assertThat(village.residents.get(peer).open).containsEntry(each.key, session));
        }
    }

    @Test
    void description_sdpSwapped_isCaught() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        village.tracker.tamper = payload -> {
            String text = new String(PeerSignal.bytes(payload), java.nio.charset.StandardCharsets.ISO_8859_1);
            return ByteBuffer.wrap(
                    text.replace("AB:CD", "AB:CE").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        };
        a.enter(1);
        b.enter(1);
        village.run(60 * SECOND);
        assertApart(a, b);
        assertThat(a.log).doesNotContain("Answer", "Accept");
        assertThat(b.log).doesNotContain("Answer", "Accept");
    }

    @Test
    void credential_ofAnotherIssuer_isRefused() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.apply(b.machine.enter(b.ticket(1, SigningIdentity.generate()), b.nanos()));
        village.run(60 * SECOND);
        assertApart(a, b);
        assertThat(a.log).doesNotContain("Answer", "Accept");
    }

    /** The tracker puts a peer into a swarm of another collection before they are connected. */
    @Test
    void connected_peerWithoutCredentialForASwarm_isNotMetInIt() {
        Village.Resident one = village.resident();
        Village.Resident other = village.resident();
        Village.Resident a = one.key.compareTo(other.key) > 0 ? one : other;
        Village.Resident b = a == one ? other : one;
        SwarmTicket ticket = a.ticket(SecretBytes.random(32), 2, village.issuer);
        a.enter(1);
        a.apply(a.machine.enter(ticket, a.nanos()));
        village.run(SECOND);
        a.apply(a.machine.heard(new ServerMessage.Peers(ticket.swarm(), List.of(b.key)), a.nanos()));
        b.enter(1);
        village.run(20 * SECOND);
        assertLinked(a, b);
        assertThat(a.met).containsExactly(b.key + " " + village.swarm(1));
    }

    /** What their app server's clients know of its time is no better than a message takes, or a machine was asleep. */
    @ParameterizedTest
    @ValueSource(longs = {0, 20_000, 50_000})
    void serverTime_knownOnlyNearly_connects(long offMillis) {
        Village.Resident a = village.resident(12, offMillis);
        Village.Resident b = village.resident(12, -offMillis);
        a.enter(1);
        b.enter(1);
        village.run(60 * SECOND);
        for (int i = 0; i < 60; i++) {
            village.run(10 * SECOND);
            assertLinked(a, b);
        }
    }

    @Test
    void ticket_endedByTheServersTime_entersNothingAndTheNextDoes() {
        Village.Resident late = village.resident(12, 86_400_000);
        late.enter(1);
        village.run(SECOND);
        assertThat(late.connected).isFalse();
        late.serverTimeOffMillis = 0;
        late.enter(1);
        village.run(SECOND);
        assertThat(late.connected).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void clock_stoodStillInSuspend_expiredCredentialIsRenewedAndPeersComeBack(int staleTickets) {
        Village.Resident sleeper = village.resident();
        Village.Resident other = village.resident();
        sleeper.enter(1);
        other.enter(1);
        village.run(60 * SECOND);
        assertLinked(sleeper, other);
        sleeper.staleTickets = staleTickets;
        sleeper.sleep(1, 7200 * SECOND);
        village.run(60 * SECOND);
        assertThat(sleeper.renewals).hasSizeBetween(staleTickets + 1, staleTickets + 2);
        assertThat(village.tracker.members(village.swarm(1))).containsKey(sleeper.key);
        assertLinked(sleeper, other);
    }

    @Test
    void ticket_halfUsed_isRenewedAndShown() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.enter(1);
        village.run(140 * SECOND);
        assertThat(a.renewals).isEmpty();
        village.run(20 * SECOND);
        assertThat(a.renewals).hasSize(1);
        village.run(1000 * SECOND);
        assertLinked(a, b);
        assertThat(a.log.stream().filter("Offer"::equals).count()
                        + b.log.stream().filter("Offer"::equals).count())
                .isEqualTo(1);
    }

    private static long misbehaviour(Village.Resident resident) {
        return resident.log.stream().filter("Misbehaved"::equals).count();
    }

    /** Each takes the check of a signature, on the loop that all swarms share. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void credentials_othersWithoutEnd_areMisbehaviour(boolean valid) {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.enter(1);
        village.run(5 * SECOND);
        assertLinked(a, b);
        SigningIdentity signer = valid ? village.issuer : SigningIdentity.generate();
        for (int i = 0; i < ShownCredentials.BURST; i++) {
            a.apply(a.machine.credentialShown(b.key, b.ticket(1, signer).credential(), a.nanos()));
        }
        assertThat(misbehaviour(a)).isZero();
        village.run(ShownCredentials.EACH_NANOS);
        for (int i = 0; i < 1000; i++) {
            assertThat(misbehaviour(a)).isEqualTo(i < 2 ? 0 : 1);
            a.apply(a.machine.credentialShown(b.key, b.ticket(1, signer).credential(), a.nanos()));
        }
        village.run(SECOND);
        assertApart(a, b);
    }

    /** As an honest peer does for each swarm in common, all of which may have one credential. */
    @Test
    void credential_theSameAgainAndAgain_isNoMisbehaviour() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.enter(1);
        village.run(5 * SECOND);
        ByteBuffer one = b.ticket(1, village.issuer).credential();
        ByteBuffer two = b.ticket(1, village.issuer).credential();
        for (int i = 0; i < 5000; i++) {
            a.apply(a.machine.credentialShown(b.key, i % 2 == 0 ? one : two, a.nanos()));
        }
        assertThat(misbehaviour(a)).isZero();
        village.run(SECOND);
        assertLinked(a, b);
    }

    @Test
    void credentials_oneForEachOfManySwarms_areNoMisbehaviour() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        for (int blob = 0; blob < 10; blob++) {
            a.enter(blob);
            b.enter(blob);
        }
        village.run(2000 * SECOND);
        assertLinked(a, b);
        assertThat(misbehaviour(a) + misbehaviour(b)).isZero();
        assertThat(a.met).hasSizeGreaterThanOrEqualTo(10);
    }

    @Test
    void credential_lapsed_endsTheConnection() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.enter(1);
        village.run(5 * SECOND);
        b.ticketsEnd = true;
        village.run(200 * SECOND);
        assertLinked(a, b);
        village.run(200 * SECOND);
        assertApart(a, b);
    }

    @Test
    void sdp_otherThanOneDataSectionWithOneFingerprint_isNotAcceptable() {
        assertThat(Sdp.acceptable(Village.SDP)).isTrue();
        assertThat(Sdp.acceptable("")).isFalse();
        assertThat(Sdp.acceptable(Village.SDP + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"))
                .isFalse();
        assertThat(Sdp.acceptable(Village.SDP + Village.SDP.substring(5))).isFalse();
        assertThat(Sdp.acceptable(Village.SDP + "a=fingerprint:sha-1 AB:CD\r\n"))
                .isFalse();
        assertThat(Sdp.acceptable(Village.SDP.replace("sha-256", "sha-1"))).isFalse();
        assertThat(Sdp.acceptable(Village.SDP.replace("a=fingerprint", "a=x"))).isFalse();
        assertThat(Sdp.acceptable(Village.SDP + "\u0000")).isFalse();
        assertThat(Sdp.acceptable(Village.SDP + "\u00e9")).isFalse();
    }
}
