package io.runnel.p2p.signalling;

import static io.runnel.p2p.signalling.Village.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.p2p.signalling.message.ServerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Peers with good credentials that hold all places: who was of no use for a minute gives way, and nobody else. */
class PlacesTest extends SignallingFixture {
    /** Connections sought; twice as many are accepted. */
    private static final int SOUGHT = 3;

    private static final int PLACES = 2 * SOUGHT;
    private static final long GROUP = 1 << 14;
    private static final int STEP_SECONDS = 10;

    private final Village.Resident full = village.resident(SOUGHT, 0);
    private final List<Village.Resident> others = new ArrayList<>();

    /** All places are taken; two more would have one. */
    private void fill() {
        full.enter(1);
        for (int i = 0; i < PLACES + 2; i++) {
            Village.Resident other = village.resident();
            others.add(other);
            other.enter(1);
        }
        village.run(30 * SECOND);
        assertThat(full.open).as("seed %d", seed).hasSize(PLACES);
    }

    /** Time goes by in which each of these gets so many groups of the full one, while they are connected. */
    private void serve(List<Village.Resident> whom, long groups, int seconds) {
        for (int i = 0; i < seconds; i += STEP_SECONDS) {
            for (Village.Resident each : whom) {
                full.traffic.merge(
                        each.key,
                        new Traffic(0, groups * GROUP),
                        (a, b) -> new Traffic(a.gotBytes() + b.gotBytes(), a.gaveBytes() + b.gaveBytes()));
            }
            village.run(STEP_SECONDS * SECOND);
        }
    }

    private long dropped() {
        return full.log.stream().filter("Drop"::equals).count();
    }

    @Test
    void newcomer_allPlacesHeldByMutePeers_isConnectedAndStaysWhileItIsServed() {
        fill();
        serve(others, 0, 90);
        Village.Resident newcomer = village.resident();
        newcomer.enter(1);
        village.run(2 * SECOND);
        assertLinked(full, newcomer);
        SessionId session = full.open.get(newcomer.key);
        for (int i = 0; i < 60; i++) {
            serve(List.of(newcomer), 8, STEP_SECONDS);
            assertThat(full.open).as("seed %d", seed).containsEntry(newcomer.key, session);
        }
    }

    /** Whose connections are as good as mute costs them nothing to hold. */
    @Test
    void newcomer_allPlacesHeldByPeersThatAskForLittle_isConnected() {
        fill();
        for (int i = 0; i < 5; i++) {
            serve(others, 1, 10);
            serve(others, 0, 20);
        }
        Village.Resident newcomer = village.resident();
        newcomer.enter(1);
        village.run(2 * SECOND);
        assertLinked(full, newcomer);
    }

    @Test
    void newcomer_allPlacesOfUse_takesNone() {
        fill();
        Map<?, SessionId> before = new TreeMap<>(full.open);
        serve(others, 8, 90);
        Village.Resident newcomer = village.resident();
        newcomer.enter(1);
        serve(others, 8, 300);
        assertThat(full.open).as("seed %d", seed).isEqualTo(before);
    }

    @Test
    void newcomers_soonAfterAllPlacesWereTaken_takeNone() {
        fill();
        serve(others, 0, 10);
        Map<?, SessionId> before = new TreeMap<>(full.open);
        village.resident().enter(1);
        village.run(5 * SECOND);
        assertThat(full.open).as("seed %d", seed).isEqualTo(before);
    }

    @Test
    void newcomers_withoutEnd_takePlacesOneAfterTheOther() {
        fill();
        serve(others, 0, 90);
        full.log.clear();
        for (int i = 0; i < 40; i++) {
            Village.Resident newcomer = village.resident();
            others.add(newcomer);
            newcomer.enter(1);
        }
        village.run(2 * SECOND);
        assertThat(dropped()).as("seed %d", seed).isBetween(1L, (long) Places.BURST);
    }

    /** Who is connected keeps its place for a minute, and who gave way comes back into a place of its own only. */
    @Test
    void mutePeers_comingBack_takeNoPlaceForMinutes() {
        fill();
        serve(others, 0, 240);
        full.log.clear();
        serve(others, 0, 60);
        assertThat(dropped()).as("seed %d", seed).isZero();
    }

    /** One with a higher key, so that the full one makes the offer; it takes no part, and answers nothing. */
    private Village.Resident stranger() {
        Village.Resident made = village.resident();
        while (made.key.compareTo(full.key) < 0) {
            made = village.resident();
        }
        return made;
    }

    private Village.Resident viewerHearsOfAnother() {
        full.enter(1);
        for (int i = 0; i < SOUGHT; i++) {
            Village.Resident other = village.resident();
            others.add(other);
            other.enter(1);
        }
        village.run(30 * SECOND);
        assertThat(full.open).as("seed %d", seed).hasSize(SOUGHT);
        serve(others, 0, 90);
        Village.Resident stranger = stranger();
        full.hear(new ServerMessage.Peers(village.swarm(1), List.of(stranger.key)));
        full.log.clear();
        return stranger;
    }

    @Test
    void viewer_itsPeersBringNothingOfWhatComes_triesAnother() {
        Village.Resident stranger = viewerHearsOfAnother();
        full.gainedBytes += 100 * GROUP;
        for (int i = 0; i < 30 && !full.links.containsKey(stranger.key); i++) {
            village.run(SECOND);
        }
        assertThat(full.links).as("seed %d", seed).containsKey(stranger.key);
        assertThat(dropped()).isEqualTo(1);
    }

    @Test
    void viewer_nothingComes_keepsItsPeers() {
        Village.Resident stranger = viewerHearsOfAnother();
        serve(others, 0, 300);
        assertThat(full.links).as("seed %d", seed).doesNotContainKey(stranger.key);
        assertThat(dropped()).isZero();
    }

    @Test
    void viewer_onePeerBringsHalfOfWhatComes_keepsTheOthers() {
        Village.Resident stranger = viewerHearsOfAnother();
        for (int i = 1; i <= 30; i++) {
            full.gainedBytes += 100 * GROUP;
            full.traffic.put(others.get(0).key, new Traffic(50 * GROUP * i, 0));
            village.run(STEP_SECONDS * SECOND);
        }
        assertThat(full.links).as("seed %d", seed).doesNotContainKey(stranger.key);
        assertThat(dropped()).isZero();
    }
}
