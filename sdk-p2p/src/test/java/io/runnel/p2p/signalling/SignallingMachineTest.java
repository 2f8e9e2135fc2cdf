package io.runnel.p2p.signalling;

import static io.runnel.p2p.signalling.Village.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.keys.SwarmTicket;
import io.runnel.p2p.signalling.message.ServerMessage;
import io.runnel.source.Seat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is connected to whom, and whatever happens to the connections and the tracker. */
class SignallingMachineTest extends SignallingFixture {
    @Test
    void enter_two_connectOnceAndMeet() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.enter(1);
        village.run(5 * SECOND);
        assertLinked(a, b);
        Village.Resident lower = a.key.compareTo(b.key) < 0 ? a : b;
        Village.Resident higher = lower == a ? b : a;
        assertThat(lower.log).containsOnlyOnce("Offer").doesNotContain("Answer");
        assertThat(higher.log).containsOnlyOnce("Answer").doesNotContain("Offer");
        assertThat(a.met).containsExactly(b.key + " " + village.swarm(1));
        assertThat(b.met).containsExactly(a.key + " " + village.swarm(1));
    }

    @Test
    void enter_secondSwarmInCommon_sharesTheConnection() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.enter(1);
        village.run(5 * SECOND);
        a.enter(2);
        b.enter(2);
        village.run(5 * SECOND);
        assertThat(a.met).contains(b.key + " " + village.swarm(2));
        assertThat(b.met).contains(a.key + " " + village.swarm(2));
        assertThat(a.links).hasSize(1);
        a.apply(a.machine.leave(village.swarm(1), a.nanos()));
        b.apply(b.machine.leave(village.swarm(1), b.nanos()));
        village.run(5 * SECOND);
        assertLinked(a, b);
        a.apply(a.machine.leave(village.swarm(2), a.nanos()));
        village.run(6 * SECOND);
        assertApart(a, b);
    }

    @Test
    void enter_soonAfterTheLastSwarmWasLeft_findsTrackerAndConnectionsAsTheyWere() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.enter(1);
        b.enter(2);
        village.run(5 * SECOND);
        a.apply(a.machine.leave(village.swarm(1), a.nanos()));
        village.run(2 * SECOND);
        a.log.clear();
        a.enter(2);
        village.run(SECOND / 5);
        assertThat(a.met).contains(b.key + " " + village.swarm(2));
        assertThat(a.log).doesNotContain("Connect", "Offer", "Answer");
        village.run(20 * SECOND);
        assertLinked(a, b);
    }

    @Test
    void enter_longAfterTheLastSwarmWasLeft_findsTheTrackerAtOnce() {
        Village.Resident a = village.resident();
        a.enter(1);
        village.run(5 * SECOND);
        a.apply(a.machine.leave(village.swarm(1), a.nanos()));
        village.run(10 * SECOND);
        assertThat(a.connected).isFalse();
        a.enter(1);
        village.run(SECOND / 5);
        assertThat(a.connected).isTrue();
        assertThat(village.tracker.members(village.swarm(1))).containsKey(a.key);
    }

    @Test
    void enter_firstTicketsHaveExpired_areAskedForAgainUntilOneIsGood() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        b.enter(1);
        a.validMillis = -60_000;
        a.staleTickets = 3;
        a.enter(1);
        a.validMillis = 300_000;
        assertThat(a.log).doesNotContain("Connect");
        village.run(30 * SECOND);
        assertThat(a.renewals)
                .as("seed %d", seed)
                .containsOnly(village.swarm(1))
                .hasSize(4);
        assertLinked(a, b);
    }

    @Test
    void enter_firstTicketIsOfAnotherKey_isAskedForAgainWithBackoffWhileTheSwarmIsWanted() {
        Village.Resident a = village.resident();
        a.ticketsEnd = true;
        SwarmTicket good = a.ticket(1, village.issuer);
        VerifyingKey other = SigningIdentity.generate().publicKey();
        a.apply(a.machine.enter(new SwarmTicket(good.swarm(), good.credential(), other, good.serverTime()), a.nanos()));
        village.run(5 * SECOND);
        assertThat(a.renewals).as("seed %d", seed).hasSize(1);
        for (int i = 0; i < 600; i++) {
            int before = a.renewals.size();
            village.run(SECOND);
            if (a.renewals.size() > before) {
                a.apply(a.machine.ticketFailed(good.swarm(), a.nanos()));
            }
        }
        assertThat(a.renewals).as("seed %d", seed).hasSizeBetween(10, 80);
        a.apply(a.machine.leave(good.swarm(), a.nanos()));
        a.renewals.clear();
        village.run(600 * SECOND);
        assertThat(a.renewals).isEmpty();
    }

    @Test
    void part_thenEnterAgainSoon_isAwayAtOnceAndConnectedAgainWithinSeconds() {
        for (int i = 0; i < 8; i++) {
            Village.Resident stays = village.resident();
            Village.Resident leaves = village.resident();
            stays.enter(i);
            leaves.enter(i);
            village.run(5 * SECOND);
            assertLinked(stays, leaves);
            leaves.apply(leaves.machine.leave(village.swarm(i), leaves.nanos()));
            leaves.apply(leaves.machine.part(leaves.nanos()));
            village.run(SECOND / 20);
            assertThat(leaves.connected).isFalse();
            leaves.lose(stays.key);
            stays.lose(leaves.key);
            village.run(3 * SECOND);
            leaves.enter(i);
            village.run(2 * SECOND);
            assertLinked(stays, leaves);
        }
    }

    /** More would keep the places of others. */
    @Test
    void leave_oneSwarmAfterTheOther_keepsNoMoreConnectionsThanOneSwarmHas() {
        Village.Resident a = village.resident(3, 0);
        for (int blob = 1; blob <= 3; blob++) {
            for (int i = 0; i < 2; i++) {
                village.resident().enter(blob);
            }
            a.enter(blob);
            village.run(SECOND);
            a.apply(a.machine.leave(village.swarm(blob), a.nanos()));
        }
        assertThat(a.open).as("seed %d", seed).hasSize(3);
        village.run(6 * SECOND);
        assertThat(a.open).isEmpty();
    }

    @Test
    void serve_changed_isToldInEverySwarmAndTheSeatComesBack() {
        Village.Resident a = village.resident();
        a.enter(1);
        a.enter(2);
        village.run(5 * SECOND);
        assertThat(a.seats).containsOnly(new Seat(-1, 1)).hasSizeGreaterThanOrEqualTo(2);
        a.seats.clear();
        a.apply(a.machine.serve(true, a.nanos()));
        a.apply(a.machine.serve(true, a.nanos()));
        village.run(SECOND);
        assertThat(a.seats).containsExactly(new Seat(0, 1), new Seat(0, 1));
    }

    @Test
    void heard_seatInASwarmNotEntered_isIgnored() {
        Village.Resident a = village.resident();
        a.enter(1);
        village.run(5 * SECOND);
        a.seats.clear();
        a.apply(a.machine.heard(new ServerMessage.Seated(village.swarm(2), new Seat(0, 1)), a.nanos()));
        assertThat(a.seats).isEmpty();
    }

    @Test
    void heard_noMemberHoweverOftenItJoins_joinsOnceAtOnceAndThenWithPauses() {
        Village.Resident a = village.resident();
        a.enter(1);
        village.run(5 * SECOND);
        village.tracker.forgets = true;
        a.joins = 0;
        a.hear(new ServerMessage.Denied(village.swarm(1), ServerMessage.Denied.Reason.NOT_MEMBER));
        village.run(SECOND / 2);
        assertThat(a.joins).isEqualTo(1);
        village.run(30 * SECOND);
        assertThat(a.joins).as("seed %d", seed).isBetween(10, 40);
        village.tracker.forgets = false;
        a.seats.clear();
        village.run(2 * SECOND);
        assertThat(a.seats).as("seed %d", seed).isNotEmpty();
    }

    @Test
    void enter_whereAllHaveAllTheySeek_findsPeersAllTheSame() {
        for (int i = 0; i < 9; i++) {
            village.resident(4, 0).enter(1);
        }
        village.run(30 * SECOND);
        Village.Resident late = village.resident(4, 0);
        late.enter(1);
        village.run(5 * SECOND);
        assertThat(late.open).as("seed %d", seed).hasSize(4);
    }

    @Test
    void enter_thirtyWithRoomForEight_keepsTheBound() {
        List<Village.Resident> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Village.Resident each = village.resident(8, 0);
            all.add(each);
            village.at(random(2 * SECOND), () -> each.enter(1));
        }
        village.run(60 * SECOND);
        for (Village.Resident each : all) {
            assertThat(each.open.size()).as("seed %d", seed).isBetween(1, 16);
            each.open.forEach((peer, session) ->
                    assertThat(village.residents.get(peer).open).containsEntry(each.key, session));
        }
    }

    @Test
    void tracker_down_connectionsLiveAndItIsFoundAgain() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.enter(1);
        village.run(5 * SECOND);
        village.tracker.down = true;
        a.disconnected();
        b.disconnected();
        village.run(100 * SECOND);
        assertLinked(a, b);
        Village.Resident c = village.resident();
        c.enter(1);
        village.tracker.down = false;
        village.run(80 * SECOND);
        assertLinked(a, c);
        assertLinked(b, c);
    }

    @Test
    void link_lost_isMadeAgain() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.enter(1);
        village.run(5 * SECOND);
        a.lose(b.key);
        b.lose(a.key);
        village.run(30 * SECOND);
        assertLinked(a, b);
    }

    @Test
    void link_neverOpens_isTriedWithBackoff() {
        village.linksFail = true;
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.enter(1);
        village.run(600 * SECOND);
        assertThat(offers(a, b)).as("seed %d", seed).isBetween(5L, 60L);
        village.linksFail = false;
        village.run(120 * SECOND);
        assertLinked(a, b);
    }

    @Test
    void link_opensAndEndsAtOnce_isTriedWithBackoff() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.enter(1);
        for (int i = 0; i < 6_000; i++) {
            village.run(SECOND / 10);
            if (a.open.containsKey(b.key)) {
                a.part(b.key);
                b.part(a.key);
            }
        }
        assertThat(offers(a, b)).as("seed %d", seed).isBetween(5L, 60L);
        village.run(120 * SECOND);
        assertLinked(a, b);
    }

    @Test
    void link_breaksSoonAfterItOpenedEachTime_isTriedWithBackoff() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.enter(1);
        for (int i = 0; i < 600; i++) {
            village.run(SECOND);
            a.lose(b.key);
            b.lose(a.key);
        }
        assertThat(offers(a, b)).as("seed %d", seed).isBetween(5L, 60L);
    }

    @Test
    void link_livedForAWhileAfterManyThatDidNot_isMadeAgainAtOnce() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.enter(1);
        for (int i = 0; i < 60; i++) {
            village.run(SECOND);
            a.lose(b.key);
            b.lose(a.key);
        }
        village.run(120 * SECOND);
        assertLinked(a, b);
        a.lose(b.key);
        b.lose(a.key);
        village.run(SECOND);
        assertLinked(a, b);
    }

    private static long offers(Village.Resident a, Village.Resident b) {
        return a.log.stream().filter("Offer"::equals).count()
                + b.log.stream().filter("Offer"::equals).count();
    }

    @Test
    void ban_connected_isDroppedForGood() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        b.enter(1);
        village.run(5 * SECOND);
        a.apply(a.machine.ban(b.key, a.nanos()));
        village.run(200 * SECOND);
        assertApart(a, b);
        assertThat(a.links).isEmpty();
    }

    @Test
    void signal_noise_isIgnored() {
        Village.Resident a = village.resident();
        Village.Resident b = village.resident();
        a.enter(1);
        village.run(SECOND);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[1 + village.random.nextInt(400)];
            village.random.nextBytes(bytes);
            ByteBuffer noise = ByteBuffer.wrap(bytes);
            if (village.random.nextBoolean() && bytes.length > 5) {
                noise.putInt(0, 0x524E5331).put(4, (byte) village.random.nextInt(6));
            }
            a.apply(a.machine.heard(new ServerMessage.Signal(village.swarm(1), b.key, noise), a.nanos()));
        }
        assertThat(a.log).doesNotContain("Answer", "Accept");
    }
}
