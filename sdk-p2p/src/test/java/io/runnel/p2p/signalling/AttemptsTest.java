package io.runnel.p2p.signalling;

import static io.runnel.p2p.signalling.Village.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.p2p.signalling.PeerSignal.Kind;
import io.runnel.p2p.signalling.message.ServerMessage;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A peer that begins anew without end: each beginning is a native connection, which costs far more than the signal. */
class AttemptsTest {
    private static final int SIGNALS = 500;
    private static final int SECONDS = 10;

    private final long seed = new Random().nextLong();
    private final Village village = new Village(seed);
    private final Village.Resident lower;
    private final Village.Resident higher;

    AttemptsTest() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        lower = a.key.compareTo(b.key) < 0 ? a : b;
        higher = lower == a ? b : a;
        a.enter(1);
        b.enter(1);
        village.run(5 * SECOND);
        assertThat(higher.open).as("seed %d", seed).containsKey(lower.key);
    }

    private static long count(Village.Resident resident, String effect) {
        return resident.log.stream().filter(effect::equals).count();
    }

    private void signal(Village.Resident from, Village.Resident to, ByteBuffer payload) {
        to.apply(to.machine.heard(new ServerMessage.Signal(village.swarm(1), from.key, payload), to.nanos()));
    }

    private ByteBuffer freshOffer() {
        PeerSignal.Addressed content = new PeerSignal.Addressed(
                higher.key,
                new SessionId(village.random.nextLong(), village.random.nextLong()),
                lower.serverTime().toEpochMilli(),
                ByteBuffer.allocate(16),
                Village.SDP);
        return PeerSignal.describe(
                Kind.OFFER, village.swarm(1), lower.ticket(1, village.issuer).credential(), content, lower.identity);
    }

    @Test
    void offers_withoutEnd_beginFewConnectionsAndGetFewAnswers() {
        higher.log.clear();
        for (int i = 0; i < SIGNALS; i++) {
            signal(lower, higher, freshOffer());
            village.run(SECONDS * SECOND / SIGNALS);
        }
        assertThat(count(higher, "Answer"))
                .as("seed %d", seed)
                .isLessThanOrEqualTo(Attempts.BURST + SECONDS * SECOND / Attempts.EACH_NANOS);
        assertThat(count(higher, "Say")).isLessThan(5 * Attempts.BURST);
    }

    @Test
    void offers_afterMany_countAgainInTime() {
        for (int i = 0; i < SIGNALS; i++) {
            signal(lower, higher, freshOffer());
        }
        higher.log.clear();
        signal(lower, higher, freshOffer());
        assertThat(count(higher, "Answer")).isZero();
        village.run(Attempts.EACH_NANOS);
        signal(lower, higher, freshOffer());
        assertThat(count(higher, "Answer")).isEqualTo(1);
    }

    @Test
    void offers_ofOneThatComesAgainAsIfNew_countOn() {
        higher.log.clear();
        for (int i = 0; i < SIGNALS; i++) {
            signal(lower, higher, freshOffer());
            higher.lose(lower.key);
            higher.apply(higher.machine.heard(new ServerMessage.Gone(village.swarm(1), lower.key), higher.nanos()));
        }
        assertThat(count(higher, "Answer")).as("seed %d", seed).isLessThanOrEqualTo(Attempts.BURST);
    }

    @Test
    void invitations_whereThereIsNoRoom_getFewAnswers() {
        Village.Resident full = village.resident(1, 0);
        full.enter(1);
        village.run(SECOND);
        invite(full, stranger(full));
        invite(full, stranger(full));
        Village.Resident another = stranger(full);
        full.log.clear();
        for (int i = 0; i < SIGNALS; i++) {
            invite(full, another);
        }
        assertThat(count(full, "Offer")).as("seed %d", seed).isZero();
        assertThat(count(full, "Say")).isBetween(1L, (long) Attempts.BURST);
    }

    /** One whose invitation the other follows with an offer. */
    private Village.Resident stranger(Village.Resident other) {
        Village.Resident made = village.resident();
        while (made.key.compareTo(other.key) < 0) {
            made = village.resident();
        }
        return made;
    }

    private void invite(Village.Resident whom, Village.Resident from) {
        signal(from, whom, PeerSignal.bare(Kind.INVITE));
    }

    @Test
    void invitations_withoutEnd_beginFewConnections() {
        lower.lose(higher.key);
        lower.log.clear();
        for (int i = 0; i < SIGNALS; i++) {
            invite(lower, higher);
            signal(higher, lower, PeerSignal.bare(Kind.BUSY));
            village.run(SECONDS * SECOND / SIGNALS);
        }
        assertThat(count(lower, "Offer"))
                .as("seed %d", seed)
                .isLessThanOrEqualTo(Attempts.BURST + SECONDS * SECOND / Attempts.EACH_NANOS);
    }
}
