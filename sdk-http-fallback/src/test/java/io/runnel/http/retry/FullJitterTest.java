package io.runnel.http.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FullJitterTest {
    @Test
    void backOff_manyDraws_coverTheWholeRangeEvenly() {
        FullJitter jitter = new FullJitter(Duration.ofSeconds(1), Duration.ofSeconds(60));
        SplittableRandom random = new SplittableRandom(3);
        long[] draws = new long[10_000];
        Arrays.setAll(draws, i -> jitter.delayMillis(100, random));
        assertThat(Arrays.stream(draws).max().orElse(0)).isBetween(59_000L, 60_000L);
        assertThat(Arrays.stream(draws).average().orElse(0)).isBetween(29_000.0, 31_000.0);
    }

    @Test
    void constructor_baseNotPositiveOrOverTheCap_isRefused() {
        assertThatThrownBy(() -> new FullJitter(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FullJitter(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
