package io.runnel.engine.plan;

import static io.runnel.engine.plan.Client.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.source.SourceInfo;
import org.junit.jupiter.api.Test;

class PartyTest {
    private final Party peer = new Party(new SourceInfo("peer:a", SourceInfo.Kind.PEER));

    @Test
    void room_unknownPeer_isAProbe() {
        assertThat(peer.room()).isEqualTo(2);
        peer.asked(8, 0);
        assertThat(peer.room()).isZero();
    }

    /** Each time it has answered all before a rate is measured, and is idle until it is asked again. */
    @Test
    void room_nearPeerThatAnswersAllAtOnce_growsFromRoundToRound() {
        for (long round = 0; round < 5; round++) {
            long groups = peer.room();
            peer.asked(groups, round * 40 * MILLI);
            peer.delivered(groups, (round + 1) * 40 * MILLI);
        }
        assertThat(peer.room()).isGreaterThan(64);
    }

    /** That it brings one group in no time at all does not make it faster than it is. */
    @Test
    void groupsPerSecond_lastOfABatchComesAtOnce_isNotTakenForItsRate() {
        peer.asked(9, 0);
        peer.delivered(8, 80 * MILLI);
        peer.delivered(1, 80 * MILLI);
        assertThat(peer.groupsPerSecond(80 * MILLI)).isEqualTo(100);
    }

    @Test
    void room_fastAndBusy_waitsForAWholeRequest() {
        for (long now = 0; now < 2_000 * MILLI; now += 100 * MILLI) {
            peer.asked(64, now);
            peer.delivered(64, now + 100 * MILLI);
        }
        long capacity = peer.room();
        assertThat(capacity).isGreaterThan(4 * 32);
        peer.asked(capacity, 2_000 * MILLI);
        assertThat(peer.room()).isZero();
        while (peer.room() == 0) {
            peer.delivered(1, 2_001 * MILLI);
        }
        assertThat(peer.room()).isEqualTo(32);
    }

    /** Each of its requests is one of HTTP. */
    @Test
    void room_originAndBusy_isNothingUntilItIsWorthARequest() {
        Party origin = new Party(new SourceInfo("origin:o", SourceInfo.Kind.ORIGIN));
        for (long now = 0; now < 4_000 * MILLI; now += 400 * MILLI) {
            origin.asked(60, now);
            origin.delivered(60, now + 400 * MILLI);
        }
        long capacity = origin.room();
        assertThat(capacity).isBetween(32L, 255L);
        origin.asked(capacity, 4_000 * MILLI);
        for (long now = 4_000 * MILLI; origin.room() == 0; now += 7 * MILLI) {
            origin.delivered(1, now);
        }
        assertThat(origin.room()).isGreaterThanOrEqualTo(8);
    }

    /** Who needs something soon waits behind all that a slow origin was asked for before its rate was known. */
    @Test
    void room_slowOriginFromItsFirstAnswerOn_isNoMoreThanTheProbe() {
        Party origin = new Party(new SourceInfo("origin:o", SourceInfo.Kind.ORIGIN));
        origin.asked(origin.room(), 0);
        assertThat(origin.outstandingGroups()).isEqualTo(32);
        for (long now = 700; now <= 700 * 3; now += 700) {
            origin.delivered(8, now * MILLI);
            assertThat(origin.room()).as("after %d ms", now).isLessThanOrEqualTo(32 - origin.outstandingGroups());
        }
        assertThat(origin.groupsPerSecond(700 * 3 * MILLI)).isBetween(11.0, 13.0);
        assertThat(origin.room() + origin.outstandingGroups()).isLessThanOrEqualTo(16);
    }

    @Test
    void room_slowAndBusy_isWhatEachDeliveryMakes() {
        peer.asked(2, 0);
        peer.delivered(2, 4_000 * MILLI);
        assertThat(peer.room()).isEqualTo(2);
        peer.asked(2, 5_000 * MILLI);
        peer.delivered(1, 5_010 * MILLI);
        assertThat(peer.room()).isEqualTo(1);
    }

    @Test
    void arrivalSeconds_originAskedForLittle_itsPathIsNotTakenForItsRate() {
        Party origin = new Party(new SourceInfo("origin:o", SourceInfo.Kind.ORIGIN));
        for (long now = 0; now < 2_000 * MILLI; now += 100 * MILLI) {
            origin.asked(1, now);
            origin.delivered(1, now + 100 * MILLI);
        }
        assertThat(origin.arrivalSeconds(20, 2_000 * MILLI)).isBetween(0.1, 0.25);
    }

    @Test
    void arrivalSeconds_originThatFlowsSlowly_isKnownAfterOneRequest() {
        Party origin = new Party(new SourceInfo("origin:o", SourceInfo.Kind.ORIGIN));
        origin.asked(64, 0);
        for (long now = 500 * MILLI; now <= 4_000 * MILLI; now += 500 * MILLI) {
            origin.delivered(8, now);
        }
        assertThat(origin.arrivalSeconds(16, 4_000 * MILLI)).isBetween(0.7, 2.0);
    }

    @Test
    void failed_penaltyDoublesAndRecovers() {
        peer.failed(0, 0);
        assertThat(peer.usable(499 * MILLI)).isFalse();
        assertThat(peer.usable(500 * MILLI)).isTrue();
        peer.failed(0, 500 * MILLI);
        assertThat(peer.usable(1_499 * MILLI)).isFalse();
        assertThat(peer.usable(1_500 * MILLI)).isTrue();
        peer.asked(1, 1_500 * MILLI);
        peer.delivered(1, 1_600 * MILLI);
        peer.failed(0, 2_000 * MILLI);
        assertThat(peer.usable(2_500 * MILLI)).isTrue();
    }

    @Test
    void failed_originAgainAndAgain_isAskedAgainWithinFourSeconds() {
        Party origin = new Party(new SourceInfo("origin:o", SourceInfo.Kind.ORIGIN));
        long now = 0;
        for (int i = 0; i < 20; i++) {
            origin.failed(0, now);
            assertThat(origin.usable(now + 4_000 * MILLI)).isTrue();
            now += 4_000 * MILLI;
        }
        origin.failed(0, now);
        assertThat(origin.usable(now + 3_999 * MILLI)).isFalse();
    }

    @Test
    void failed_asksForLonger_isLeftAloneForThatLong() {
        peer.failed(30_000 * MILLI, 0);
        assertThat(peer.usable(29_999 * MILLI)).isFalse();
        assertThat(peer.usable(30_000 * MILLI)).isTrue();
    }

    @Test
    void failed_saysAgainAndAgainWhenToComeBack_isAskedAgainThen() {
        long now = 0;
        for (int i = 0; i < 10; i++) {
            peer.failed(2_000 * MILLI, now);
            assertThat(peer.usable(now + 1_999 * MILLI)).isFalse();
            now += 2_000 * MILLI;
            assertThat(peer.usable(now)).isTrue();
        }
        peer.failed(100 * MILLI, now);
        assertThat(peer.usable(now + 1_999 * MILLI))
                .as("no sooner than that, where it is told less")
                .isFalse();
    }

    @Test
    void failed_requestsThatFailTogether_countOnce() {
        for (int i = 0; i < 4; i++) {
            peer.failed(0, i * MILLI);
        }
        assertThat(peer.usable(499 * MILLI)).isFalse();
        assertThat(peer.usable(500 * MILLI)).isTrue();
        peer.failed(0, 500 * MILLI);
        assertThat(peer.usable(1_499 * MILLI)).isFalse();
        assertThat(peer.usable(1_500 * MILLI)).isTrue();
    }

    @Test
    void failed_againWhileItIsLeftAlone_doesNotShortenWhatItAskedFor() {
        peer.failed(30_000 * MILLI, 0);
        peer.failed(0, 10 * MILLI);
        peer.failed(1_000 * MILLI, 20 * MILLI);
        assertThat(peer.usable(29_999 * MILLI)).isFalse();
        peer.failed(60_000 * MILLI, 30 * MILLI);
        assertThat(peer.usable(60_029 * MILLI)).isFalse();
        assertThat(peer.usable(60_030 * MILLI)).isTrue();
    }

    /** As an origin that serves the requests it has, and refuses more. */
    @Test
    void delivered_hasAskedToBeLeftAlone_isLeftAloneAllTheSame() {
        peer.asked(8, 0);
        peer.failed(60_000 * MILLI, 100 * MILLI);
        peer.delivered(4, 200 * MILLI);
        assertThat(peer.usable(60_099 * MILLI)).isFalse();
        assertThat(peer.usable(60_100 * MILLI)).isTrue();
    }

    @Test
    void ban_lastsWhateverComes() {
        peer.ban();
        assertThat(peer.usable(Long.MAX_VALUE / 2)).isFalse();
    }

    @Test
    void groupsPerSecond_silence_speaksAgainstIt() {
        peer.asked(8, 0);
        double before = peer.groupsPerSecond(10 * MILLI);
        assertThat(peer.groupsPerSecond(5_000 * MILLI)).isLessThan(before / 10);
        assertThat(peer.silent(5_100 * MILLI, 1_000 * MILLI)).isTrue();
    }
}
