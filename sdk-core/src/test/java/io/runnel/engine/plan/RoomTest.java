package io.runnel.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.engine.plan.Room.Claim;
import io.runnel.engine.plan.Room.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoomTest {
    private static Claim player(long awaited, long wished, long since) {
        return new Claim(false, awaited, wished, since);
    }

    private static Claim prefetch(long awaited, long wished, long since) {
        return new Claim(true, awaited, wished, since);
    }

    private static List<Long> ahead(long pages, Claim... claims) {
        return Room.share(List.of(claims), pages).stream()
                .map(Share::aheadPages)
                .toList();
    }

    private static List<Boolean> granted(long pages, Claim... claims) {
        return Room.share(List.of(claims), pages).stream().map(Share::granted).toList();
    }

    @Test
    void share_roomForAll_isAllThatIsWished() {
        assertThat(ahead(56, player(1, 32, 0), player(0, 3, 0), prefetch(2, 20, 0)))
                .containsExactly(32L, 3L, 20L);
    }

    @Test
    void share_lessThanIsWished_isEqualForPlayersAndPrefetchesHaveTheRest() {
        assertThat(ahead(56, player(1, 32, 0), player(0, 32, 0), player(2, 4, 0)))
                .containsExactly(26L, 26L, 4L);
        assertThat(ahead(56, player(1, 32, 0), prefetch(2, 32, 0))).containsExactly(32L, 24L);
        assertThat(ahead(40, player(1, 32, 0), player(1, 32, 0), prefetch(2, 32, 0)))
                .containsExactly(19L, 19L, 2L);
    }

    @Test
    void share_whoWaitsChanges_theLookAheadStays() {
        for (int waiting = 0; waiting < 8; waiting++) {
            assertThat(ahead(
                            8,
                            player(2L * (waiting & 1), 32, 5),
                            player(waiting & 2, 32, 3),
                            player(waiting >> 2, 32, 7)))
                    .containsExactly(2L, 2L, 2L);
        }
    }

    @Test
    void share_tooManyForTheRoom_theLongestWaitingGoFirstAndNobodyLooksAhead() {
        Claim[] claims = {player(2, 9, 4), prefetch(2, 9, 1), player(2, 9, 3), player(0, 9, 0), player(3, 9, 2)};
        assertThat(granted(5, claims)).containsExactly(false, false, true, true, true);
        assertThat(ahead(5, claims)).containsExactly(0L, 0L, 0L, 0L, 0L);
    }

    @Test
    void share_aLargeClaimIsNext_aSmallOneBehindItDoesNotTakeItsRoom() {
        assertThat(granted(3, player(2, 2, 0), player(3, 3, 1), player(1, 1, 2)))
                .containsExactly(true, false, false);
    }

    @Test
    void share_oneNeedsMoreThanThereIs_hasItAllTheSame() {
        assertThat(granted(3, player(5, 9, 0), player(1, 9, 1))).containsExactly(true, false);
    }

    @Test
    void share_anyClaims_fitTogetherAndTheFirstInTurnIsGranted() {
        long seed = 20261128;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            long pages = random.nextInt(3, 63);
            List<Claim> claims = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                long awaited = random.nextInt(4);
                claims.add(new Claim(random.nextBoolean(), awaited, awaited + random.nextInt(40), random.nextInt(5)));
            }
            List<Share> shares = Room.share(claims, pages);
            long taken = 0;
            for (int i = 0; i < shares.size(); i++) {
                Share share = shares.get(i);
                long awaited = share.granted() ? claims.get(i).awaitedPages() : 0;
                taken += Math.max(awaited, share.aheadPages());
                assertThat(share.aheadPages()).isLessThanOrEqualTo(claims.get(i).wishedPages());
            }
            assertThat(taken).as("seed %d, round %d", seed, round).isLessThanOrEqualTo(pages);
            assertThat(shares).as("seed %d, round %d", seed, round).anyMatch(Share::granted);
        }
    }
}
