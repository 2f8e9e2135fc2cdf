package io.runnel.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.source.Seat;
import org.junit.jupiter.api.Test;

class ElectionTest {
    private static int owners(long range, int seats, int copies) {
        int owners = 0;
        for (int seat = 0; seat < seats; seat++) {
            owners += Election.elected(5, range, new Seat(seat, seats), copies) ? 1 : 0;
        }
        return owners;
    }

    @Test
    void elected_everyRangeHasOneFirstOwnerAndOthersOnAverage() {
        int owners = 0;
        for (long range = 0; range < 500; range++) {
            assertThat(owners(range, 50, 1)).isEqualTo(1);
            assertThat(owners(range, 50, 2)).isBetween(1, 2);
            int four = owners(range, 50, 4);
            assertThat(four).isPositive();
            owners += four;
        }
        assertThat(owners / 500.0).isBetween(3.7, 4.3);
    }

    @Test
    void elected_moreCopies_keepsTheFirstOwners() {
        for (long range = 0; range < 200; range++) {
            for (int seat = 0; seat < 50; seat++) {
                if (Election.elected(5, range, new Seat(seat, 50), 1)) {
                    assertThat(Election.elected(5, range, new Seat(seat, 50), 4))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void elected_asManyCopiesAsSeats_isEverybody() {
        assertThat(owners(3, 8, 8)).isEqualTo(8);
        assertThat(Election.elected(5, 3, new Seat(-1, 0), 1)).isTrue();
    }

    @Test
    void elected_withoutASeat_isNot() {
        for (long range = 0; range < 200; range++) {
            assertThat(Election.elected(5, range, new Seat(-1, 50), 16)).isFalse();
            assertThat(Election.elected(5, range, new Seat(-1, 1), 1)).isFalse();
            assertThat(Election.elected(5, range, new Seat(-1, 2), 2)).isFalse();
            assertThat(Election.elected(5, range, new Seat(-1, 2), 4)).isTrue();
        }
    }

    @Test
    void owner_oneSeatMore_movesFewRanges() {
        int moved = 0;
        for (long key = 0; key < 10_000; key++) {
            int before = Election.owner(Election.mix(key), 100);
            int after = Election.owner(Election.mix(key), 101);
            assertThat(before).isBetween(0, 99);
            if (before != after) {
                moved++;
                assertThat(after).isEqualTo(100);
            }
        }
        assertThat(moved).isBetween(50, 150);
    }

    @Test
    void owner_sharesAreEven() {
        int[] shares = new int[20];
        for (long key = 0; key < 20_000; key++) {
            shares[Election.owner(Election.mix(key), 20)]++;
        }
        for (int share : shares) {
            assertThat(share).isBetween(850, 1150);
        }
    }

    @Test
    void seat_outsideTheSeats_isRefused() {
        assertThatThrownBy(() -> new Seat(3, 3)).hasMessageContaining("seat: 3 of 3");
    }
}
