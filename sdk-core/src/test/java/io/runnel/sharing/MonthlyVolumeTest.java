package io.runnel.sharing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MonthlyVolumeTest {
    /** A clock that is right, ahead or behind, by up to four months, over a year. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void used_clockGoesAnyWay_isWhatWasSentInTheMonthAndNoByteTwice(long seed) {
        Random random = new Random(seed);
        MonthlyVolume volume = new MonthlyVolume();
        long all = 0;
        for (YearMonth month = YearMonth.of(2026, 6);
                month.isBefore(YearMonth.of(2027, 6));
                month = month.plusMonths(1)) {
            long sent = 0;
            boolean seen = false;
            for (int i = 0; i < 40; i++) {
                int wrong = random.nextBoolean() ? 0 : random.nextInt(9) - 4;
                look(volume, month.plusMonths(wrong));
                seen |= wrong == 0;
                if (wrong < 0 && !seen) {
                    // A clock that has never shown this month cannot tell it from the one it shows.
                    sent = 0;
                }
                long bytes = random.nextInt(1000);
                long back = random.nextInt(1 + (int) bytes);
                volume.count(bytes);
                volume.count(-back);
                all += bytes - back;
                sent += wrong < 0 && !seen ? 0 : bytes - back;
                if (wrong == 0) {
                    assertThat(volume.used()).as("seed %d, %s", seed, month).isGreaterThanOrEqualTo(sent);
                }
                long most = all;
                assertThat(volume.months().values())
                        .as("seed %d, %s", seed, month)
                        .allMatch(count -> count.used() <= most);
            }
        }
    }

    @Test
    void count_moreMonthsAheadThanAreKept_keepsThePresentOne() {
        MonthlyVolume volume = new MonthlyVolume();
        YearMonth month = YearMonth.of(2026, 6);
        for (int ahead = 1; ahead <= MonthlyVolume.MAX_MONTHS; ahead++) {
            look(volume, month.plusMonths(ahead));
            volume.count(10);
        }
        look(volume, month);
        volume.count(1);
        assertThat(volume.used()).isEqualTo(10 * MonthlyVolume.MAX_MONTHS + 1);
        assertThat(volume.months()).hasSize(MonthlyVolume.MAX_MONTHS);
    }

    private static void look(MonthlyVolume volume, YearMonth month) {
        volume.look(LocalDate.of(month.getYear(), month.getMonth(), 9)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant());
    }
}
