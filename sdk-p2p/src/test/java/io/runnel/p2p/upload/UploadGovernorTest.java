package io.runnel.p2p.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.sharing.UploadPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadGovernorTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long GROUP = 16 << 10;
    private static final long REQUEST = 32 * GROUP;

    private final long seed = new Random().nextLong();

    private Crowd crowd(long bytesPerSecond, int slots) {
        Crowd crowd = new Crowd(seed, 20);
        crowd.governor.limits(bytesPerSecond, slots);
        return crowd;
    }

    private static long sentWithin(Crowd crowd, long from, long to) {
        return crowd.sent.stream()
                .filter(each -> each.at() >= from && each.at() < to)
                .mapToLong(Crowd.Sent::bytes)
                .sum();
    }

    @ParameterizedTest
    @ValueSource(longs = {UploadPolicy.LEAST_RATE, 250_000, 1_000_000, 5_000_000, 60_000_000})
    void decide_capped_keepsTheRateWithinFivePercent(long rate) {
        Crowd crowd = crowd(rate, 8);
        for (int i = 0; i < 5; i++) {
            crowd.add("peer " + i, REQUEST, 0);
        }
        crowd.run(60 * SECOND);
        for (long from = 0; from < 50 * SECOND; from += SECOND / 10) {
            assertThat(sentWithin(crowd, from, from + 10 * SECOND) / 10.0)
                    .as("from %d ms, seed %d", from / 1_000_000, seed)
                    .isBetween(0.95 * rate, 1.05 * rate);
        }
    }

    @Test
    void decide_cappedAfterIdling_sendsNoBurst() {
        long rate = 1_000_000;
        Crowd crowd = crowd(rate, 8);
        crowd.at(100 * SECOND, () -> crowd.add("late", REQUEST, 0));
        crowd.run(102 * SECOND);
        assertThat(sentWithin(crowd, 100 * SECOND, 101 * SECOND)).isLessThan((long) (1.15 * rate));
    }

    @ParameterizedTest
    @CsvSource({"300000,4", "1000000,5", "1000000,8", "10000000,8", "50000000,8"})
    void decide_oneGreedyPeer_leavesTheOthersTheirShare(long rate, int peers) {
        Crowd crowd = crowd(rate, 8);
        Crowd.Asker greedy = crowd.add("greedy", 1L << 40, 0);
        List<Crowd.Asker> others = new ArrayList<>();
        for (int i = 1; i < peers; i++) {
            others.add(crowd.add("other " + i, REQUEST, 10));
        }
        crowd.run(60 * SECOND);
        double share = 60.0 * rate / peers;
        assertThat(others).as("seed %d, greedy %s", seed, greedy).allMatch(other -> other.bytes >= 0.8 * share);
        assertThat((double) greedy.bytes).isLessThan(1.3 * share);
    }

    /** A group now and then, well below its share: hardly later than if it were alone. */
    @Test
    void decide_modestPeerAmongGreedyOnes_getsAllItAsksFor() {
        Crowd crowd = new Crowd(seed, 5);
        crowd.governor.limits(4_000_000, 8);
        for (int i = 0; i < 6; i++) {
            crowd.add("greedy " + i, 1L << 40, 0);
        }
        Crowd.Asker modest = crowd.add("modest", GROUP, 50);
        crowd.run(60 * SECOND);
        assertThat(modest.bytes).as("seed %d", seed).isGreaterThan(60 * 20 * GROUP * 8 / 10);
    }

    @ParameterizedTest
    @CsvSource({"1000000,4,12", "8000000,8,40", "100000,8,6"})
    void decide_morePeersThanSlots_takeTurns(long rate, int slots, int peers) {
        Crowd crowd = crowd(rate, slots);
        List<Crowd.Asker> all = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            all.add(crowd.add("peer " + i, i == 0 ? 1L << 40 : 4 * REQUEST, 0));
        }
        crowd.run(120 * SECOND);
        double share = 120.0 * rate / peers;
        assertThat(all).as("seed %d", seed).allMatch(peer -> peer.bytes >= 0.8 * share);
        assertThat(all).allMatch(peer -> peer.firstSentAt != null && peer.firstSentAt < 5 * SECOND);
    }

    @Test
    void decide_farTooManyPeers_areToldToComeBackAndAllGetSomething() {
        Crowd crowd = crowd(300_000, 8);
        List<Crowd.Asker> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            all.add(crowd.add("peer " + i, 1L << 40, 0));
        }
        crowd.run(120 * SECOND);
        assertThat(all).as("seed %d", seed).allMatch(peer -> peer.bytes > 0);
        assertThat(all).anyMatch(peer -> peer.declined > 0);
        assertThat(sentWithin(crowd, 0, 120 * SECOND) / 120.0).isBetween(0.95 * 300_000, 1.05 * 300_000);
    }

    /** With more peers than there is room for in line, those who come back when they were told lose nothing by it. */
    @ParameterizedTest
    @CsvSource({"64,2", "64,8", "64,12", "64,23", "128,4", "128,12", "128,23", "300,8", "300,12", "300,23"})
    void decide_onePeerAsksAgainAtOnce_gainsNothing(long kibPerSecond, int peers) {
        for (long each = 1; each <= 3; each++) {
            List<Crowd.Asker> alone = honest(new Crowd(each, 20), kibPerSecond << 10, peers);
            Crowd crowd = new Crowd(each, 20);
            Crowd.Asker greedy = crowd.addGreedy("greedy");
            List<Crowd.Asker> beside = honest(crowd, kibPerSecond << 10, peers);
            String named = "seed " + each + ", alone " + alone + ", " + greedy + ", beside it " + beside;
            double meanAlone =
                    alone.stream().mapToLong(peer -> peer.bytes).average().orElseThrow();
            assertThat(alone).as(named).allMatch(peer -> peer.bytes >= 0.8 * meanAlone);
            double share = (double) crowd.governor.permitted() / (peers + 1);
            assertThat(greedy.bytes / share).as(named).isLessThan(1.2);
            for (int i = 0; i < peers; i++) {
                double fair = (double) alone.get(i).bytes * peers / (peers + 1);
                assertThat(beside.get(i).bytes / fair).as(named).isGreaterThan(0.9);
            }
            assertThat(beside).as(named).allMatch(peer -> peer.longestWaitNanos < 6.5 * SECOND);
        }
    }

    /** They hold slots and stand in line, mostly without a wish: what they do not use is not lost. */
    @ParameterizedTest
    @CsvSource({"64,8", "64,23", "64,60", "300,8", "300,23", "300,60", "4096,23", "4096,60"})
    void decide_smallAskersBesideOneBulkPeer_leaveItTheRestOfTheRate(long kibPerSecond, int askers) {
        long rate = kibPerSecond << 10;
        Crowd crowd = crowd(rate, 8);
        List<Crowd.Asker> small = new ArrayList<>();
        for (int i = 0; i < askers; i++) {
            small.add(crowd.add("small " + i, 64, 200));
        }
        Crowd.Asker bulk = crowd.add("bulk", REQUEST, 0);
        crowd.run(120 * SECOND);
        long rest = 120 * rate - small.stream().mapToLong(each -> each.bytes).sum();
        assertThat((double) bulk.bytes / rest).as("seed %d", seed).isGreaterThan(0.95);
        assertThat(small).as("seed %d", seed).allMatch(each -> each.bytes >= 120 * 64 / 8);
    }

    /** Peers that ask for a group now and then hold slots as well as those that ask for less. */
    @ParameterizedTest
    @CsvSource({"1024,12", "4096,23"})
    void decide_modestAskersBesideBulkPeers_useTheWholeRate(long kibPerSecond, int askers) {
        long rate = kibPerSecond << 10;
        Crowd crowd = crowd(rate, 8);
        List<Crowd.Asker> bulk = new ArrayList<>();
        for (int i = 0; i < askers; i++) {
            crowd.add("modest " + i, GROUP, 240);
        }
        for (int i = 0; i < 2; i++) {
            bulk.add(crowd.add("bulk " + i, REQUEST, 0));
        }
        crowd.run(120 * SECOND);
        assertThat((double) crowd.governor.permitted() / (120 * rate))
                .as("seed %d", seed)
                .isGreaterThan(0.95);
        assertThat((double) bulk.get(0).bytes / bulk.get(1).bytes)
                .as("seed %d", seed)
                .isBetween(0.9, 1.1);
    }

    @Test
    void decide_behindSmallWishesThatGrowOnceServed_isAnsweredBeforeItTakesThisSideForDead() {
        UploadGovernor<String> governor = new UploadGovernor<>();
        governor.limits(UploadPolicy.LEAST_RATE, 8);
        governor.want("first", REQUEST, 0);
        governor.want("second", REQUEST, 0);
        for (int i = 0; i < 30; i++) {
            governor.want("growing " + i, 64, 0);
        }
        governor.want("last", REQUEST, 0);
        long now = 0;
        List<UploadDecision<String>> decisions = governor.decide(now);
        assertThat(decisions).noneMatch(UploadDecision::declines);
        while (decisions.stream().noneMatch(decision -> decision.peer().equals("last"))) {
            for (UploadDecision<String> decision : decisions) {
                governor.want(decision.peer(), decision.declines() ? 0 : REQUEST, now);
            }
            now = decisions.isEmpty() ? Math.max(now, governor.wakeNanos()) : now;
            assertThat(now).isLessThanOrEqualTo(8 * SECOND);
            decisions = governor.decide(now);
        }
    }

    @Test
    void wakeNanos_nobodyWithASlotWantsAnything_isWhenTheRateHasRoomForWhoIsNext() {
        UploadGovernor<String> governor = new UploadGovernor<>();
        governor.limits(100_000, 1);
        governor.want("a", GROUP, 0);
        governor.want("b", GROUP, 0);
        assertThat(governor.decide(0)).containsExactly(new UploadDecision<>("a", GROUP, 0));
        long free = governor.wakeNanos();
        assertThat(free).isBetween(1L, GROUP * SECOND / 100_000);
        assertThat(governor.decide(free - 1)).isEmpty();
        assertThat(governor.decide(free)).containsExactly(new UploadDecision<>("b", GROUP, 0));
    }

    private static List<Crowd.Asker> honest(Crowd crowd, long bytesPerSecond, int peers) {
        crowd.governor.limits(bytesPerSecond, 8);
        List<Crowd.Asker> all = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            all.add(crowd.add("peer " + i, REQUEST, 50));
        }
        crowd.run(600 * SECOND);
        return all;
    }

    @Test
    void decide_turnedAway_keepsItsPlaceUntilItIsBack() {
        UploadGovernor<Integer> governor = new UploadGovernor<>();
        governor.limits(UploadPolicy.UNLIMITED, 1);
        for (int peer = 0; peer <= 8; peer++) {
            governor.want(peer, GROUP, 0);
        }
        assertThat(governor.decide(0))
                .containsExactly(
                        new UploadDecision<>(7, 0, 2_000),
                        new UploadDecision<>(8, 0, 2_000),
                        new UploadDecision<>(0, GROUP, 0));
        governor.want(7, 0, 1);
        assertThat(governor.decide(SECOND)).containsExactly(new UploadDecision<>(1, GROUP, 0));
        governor.want(8, GROUP, SECOND);
        assertThat(governor.decide(SECOND))
                .as("7, which is not back yet, comes first")
                .containsExactly(new UploadDecision<>(8, 0, 2_000));
        governor.want(7, GROUP, SECOND);
        assertThat(governor.decide(SECOND)).as("7 stands in line").isEmpty();
    }

    @Test
    void decide_turnedAwayAndNotBackInTime_hasLostItsPlace() {
        UploadGovernor<Integer> governor = new UploadGovernor<>();
        governor.limits(UploadPolicy.UNLIMITED, 1);
        for (int peer = 0; peer <= 8; peer++) {
            governor.want(peer, GROUP, 0);
        }
        assertThat(governor.decide(0)).hasSize(3);
        governor.want(7, 0, 1);
        governor.want(8, GROUP, 4 * SECOND);
        assertThat(governor.decide(4 * SECOND))
                .as("8 stands in line, in the place of 7")
                .containsExactly(new UploadDecision<>(1, GROUP, 0));
    }

    @Test
    void decide_slots_boundWhoIsServedAtATime() {
        Crowd crowd = crowd(UploadPolicy.UNLIMITED, 2);
        for (int i = 0; i < 5; i++) {
            crowd.add("peer " + i, REQUEST, 5);
        }
        crowd.run(SECOND / 4);
        assertThat(crowd.sent.stream().map(Crowd.Sent::peer).distinct()).hasSize(2);
        crowd.run(10 * SECOND);
        assertThat(crowd.sent.stream().map(Crowd.Sent::peer).distinct()).hasSize(5);
    }

    @Test
    void decide_withoutCap_permitsAtOnceAllThatIsWanted() {
        UploadGovernor<String> governor = new UploadGovernor<>();
        governor.want("a", UploadGovernor.MOST_PIECE, 5);
        assertThat(governor.decide(5)).containsExactly(new UploadDecision<>("a", UploadGovernor.MOST_PIECE, 0));
        assertThat(governor.decide(5)).isEmpty();
        assertThat(governor.wakeNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void volume_limited_isNeverExceeded() {
        Crowd crowd = crowd(UploadPolicy.UNLIMITED, 8);
        crowd.governor.volume(1_000_000);
        crowd.add("peer", REQUEST, 1);
        crowd.run(10 * SECOND);
        assertThat(sentWithin(crowd, 0, 10 * SECOND)).isEqualTo(1_000_000);
        assertThat(crowd.governor.volumeLeft()).isZero();
        assertThat(crowd.governor.wanted()).isTrue();
        crowd.governor.volume(50_000);
        crowd.at(0, () -> {});
        crowd.run(SECOND);
        assertThat(crowd.governor.permitted()).isEqualTo(1_050_000);
    }

    @Test
    void limits_lowered_holdAtOnce() {
        Crowd crowd = crowd(10_000_000, 8);
        crowd.add("peer", 1L << 40, 0);
        crowd.run(5 * SECOND);
        crowd.governor.limits(100_000, 8);
        crowd.run(11 * SECOND);
        assertThat(sentWithin(crowd, 5 * SECOND, 6 * SECOND)).isLessThan(250_000);
        assertThat(sentWithin(crowd, 6 * SECOND, 16 * SECOND)).isBetween(950_000L, 1_050_000L);
    }

    @Test
    void limits_fewerSlots_areTakenBackThoughNobodyStandsInLine() {
        UploadGovernor<Integer> governor = new UploadGovernor<>();
        governor.limits(UploadPolicy.UNLIMITED, 4);
        for (int peer = 0; peer < 4; peer++) {
            governor.want(peer, GROUP, 0);
        }
        assertThat(governor.decide(0)).hasSize(4);
        governor.limits(UploadPolicy.UNLIMITED, 1);
        for (int peer = 0; peer < 4; peer++) {
            governor.want(peer, GROUP, 1);
        }
        assertThat(governor.decide(1)).hasSize(1);
        assertThat(governor.decide(1)).isEmpty();
    }

    @Test
    void left_slotAndPlaceInLine_goToOthers() {
        Crowd crowd = crowd(UploadPolicy.UNLIMITED, 1);
        Crowd.Asker first = crowd.add("first", REQUEST, 1);
        crowd.run(SECOND / 10);
        Crowd.Asker second = crowd.add("second", REQUEST, 1);
        Crowd.Asker third = crowd.add("third", REQUEST, 1);
        crowd.run(SECOND / 10);
        assertThat(second.bytes + third.bytes).isZero();
        first.leave();
        second.leave();
        crowd.at(0, () -> {});
        crowd.run(SECOND / 10);
        assertThat(third.bytes).isPositive();
        assertThat(second.bytes).isZero();
    }

    @Test
    void want_zero_takesTheWishBack() {
        UploadGovernor<String> governor = new UploadGovernor<>();
        governor.limits(100_000, 8);
        governor.want("a", GROUP, 0);
        governor.want("a", 0, 0);
        assertThat(governor.wanted()).isFalse();
        assertThat(governor.decide(SECOND)).isEmpty();
    }

    @Test
    void giveBack_capped_theNextNeedNotWait() {
        UploadGovernor<String> governor = new UploadGovernor<>();
        governor.limits(100_000, 8);
        governor.want("a", GROUP, 0);
        governor.want("b", GROUP, 0);
        assertThat(governor.decide(0)).containsExactly(new UploadDecision<>("a", GROUP, 0));
        assertThat(governor.decide(1)).isEmpty();
        governor.giveBack(GROUP, 2);
        assertThat(governor.decide(2)).containsExactly(new UploadDecision<>("b", GROUP, 0));
        assertThat(governor.permitted()).isEqualTo(GROUP);
    }

    @Test
    void giveBack_volume_isThereAgain() {
        UploadGovernor<String> governor = new UploadGovernor<>();
        governor.volume(GROUP);
        governor.want("a", GROUP, 0);
        governor.want("b", GROUP, 0);
        assertThat(governor.decide(0)).hasSize(1);
        governor.giveBack(GROUP, 1);
        assertThat(governor.volumeLeft()).isEqualTo(GROUP);
        assertThat(governor.decide(1)).containsExactly(new UploadDecision<>("b", GROUP, 0));
        assertThat(governor.volumeLeft()).isZero();
    }

    @Test
    void giveBack_withoutEnd_neitherBurstsNorHoldsUpTheOthers() {
        long rate = 1_000_000;
        Crowd crowd = crowd(rate, 8);
        List<Crowd.Asker> honest = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            crowd.addFickle("fickle " + i, REQUEST, 20 + 300L * i);
            honest.add(crowd.add("honest " + i, REQUEST, 0));
        }
        crowd.run(20 * SECOND);
        for (long from = 0; from < 10 * SECOND; from += SECOND / 10) {
            assertThat(sentWithin(crowd, from, from + 10 * SECOND) / 10.0)
                    .as("from %d ms, seed %d", from / 1_000_000, seed)
                    .isLessThan(1.05 * rate);
        }
        assertThat(honest).as("seed %d", seed).allMatch(peer -> peer.bytes >= 0.8 * 20 * rate / 8);
    }
}
