package io.runnel.p2p.signalling;

import static io.runnel.p2p.signalling.Village.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A channel to the tracker that is dead and not closed: when it is known, what it costs, and when peers are back. */
class DeadChannelTest extends SignallingFixture {
    private static final int SOME = 4;

    /** All linked to each other, by their keys' order. */
    private List<Village.Resident> crowd() {
        for (int i = 0; i < SOME; i++) {
            village.resident().enter(1);
        }
        village.run(5 * SECOND);
        List<Village.Resident> all = new ArrayList<>(village.residents.values());
        all.sort((a, b) -> a.key.compareTo(b.key));
        for (Village.Resident each : all) {
            assertThat(each.open).as("seed %d", seed).hasSize(SOME - 1);
        }
        return all;
    }

    private static long count(Village.Resident resident, String effect) {
        return resident.log.stream().filter(effect::equals).count();
    }

    /** One of the keys in between both offers and invites. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, SOME - 1})
    void address_changes_trackerIsFoundWithin15SecondsAndPeersSoonAfter(int which) {
        Village.Resident moving = crowd().get(which);
        village.run(random(30 * SECOND));
        moving.move();
        village.run(15 * SECOND);
        assertThat(moving.cutOff).as("seed %d", seed).isFalse();
        village.run(3 * SECOND);
        assertThat(moving.open).as("seed %d", seed).hasSize(SOME - 1);
        village.residents.values().forEach(each -> {
            if (each != moving) {
                assertLinked(moving, each);
            }
        });
    }

    /** Whoever is back first says nothing to those who are not: it would wait for answers that cannot come. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void channelsAndLinks_allBreak_peersAreBackAsSoonAsTheTrackerIs(boolean channelsFirst) {
        List<Village.Resident> all = crowd();
        List<Runnable> breaks = List.of(
                () -> all.forEach(Village.Resident::disconnected),
                () -> all.forEach(one -> all.forEach(other -> one.lose(other.key))));
        breaks.get(channelsFirst ? 0 : 1).run();
        breaks.get(channelsFirst ? 1 : 0).run();
        village.run(5 * SECOND);
        for (Village.Resident each : all) {
            assertThat(each.open).as("seed %d", seed).hasSize(SOME - 1);
        }
    }

    @Test
    void channel_deadWithoutAnySign_isNoticedByTheNextPing() {
        Village.Resident a = village.resident();
        a.enter(1);
        village.run(5 * SECOND + random(60 * SECOND));
        a.cutOff = true;
        village.run(27 * SECOND);
        assertThat(a.cutOff).as("seed %d", seed).isFalse();
        assertThat(a.connected).isTrue();
    }

    @Test
    void tracker_opensAndSaysNothing_isGivenUp() {
        village.tracker.mute = true;
        Village.Resident a = village.resident();
        a.enter(1);
        village.run(10 * SECOND);
        assertThat(count(a, "Disconnect")).isZero();
        village.run(20 * SECOND);
        village.tracker.mute = false;
        village.run(25 * SECOND);
        assertThat(village.tracker.members(village.swarm(1)))
                .as("seed %d", seed)
                .containsKey(a.key);
    }

    @Test
    void tracker_answersAfterSeconds_isKept() {
        village.tracker.pongNanos = 4 * SECOND;
        crowd();
        for (int i = 0; i < 300; i++) {
            village.run(SECOND);
            loseOne();
        }
        village.residents
                .values()
                .forEach(each ->
                        assertThat(count(each, "Connect")).as("seed %d", seed).isOne());
    }

    @Test
    void links_breakWithoutEnd_costOnePingIn5Seconds() {
        List<Village.Resident> all = crowd();
        for (int i = 0; i < 1000; i++) {
            village.run(SECOND / 10);
            loseOne();
        }
        for (Village.Resident each : all) {
            assertThat(each.pings).as("seed %d", seed).hasSizeLessThanOrEqualTo(100 / 5 + 1);
        }
    }

    private void loseOne() {
        List<Village.Resident> all = new ArrayList<>(village.residents.values());
        Village.Resident one = all.get(village.random.nextInt(SOME));
        Village.Resident other = all.get(village.random.nextInt(SOME));
        one.lose(other.key);
        other.lose(one.key);
    }

    /** Who says farewell shows that the line is well. */
    @Test
    void links_endWithFarewell_costNoPing() {
        List<Village.Resident> all = crowd();
        Village.Resident stays = all.get(0);
        village.run(20 * SECOND);
        stays.pings.clear();
        all.subList(1, SOME).forEach(each -> stays.part(each.key));
        village.run(10 * SECOND);
        assertThat(stays.pings).isEmpty();
    }
}
