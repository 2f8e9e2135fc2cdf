package io.runnel.devserver.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void tryTake_burstThenSteady_passesBurstPlusRate() {
        long now = -5 * SECOND;
        RateLimit limit = new RateLimit(10, 5, now);

        assertThat(passes(limit, 100, now)).isEqualTo(10);
        assertThat(passes(limit, 100, now + SECOND)).isEqualTo(5);
        assertThat(passes(limit, 100, now + SECOND)).isZero();
        assertThat(passes(limit, 100, now + 1000 * SECOND)).isEqualTo(10);
    }

    @Test
    void tryTake_timeGoesBack_passesNothingExtra() {
        RateLimit limit = new RateLimit(1, 1, 0);

        assertThat(limit.tryTake(0)).isTrue();
        assertThat(limit.tryTake(-SECOND)).isFalse();
        assertThat(limit.tryTake(0)).isFalse();
        assertThat(limit.tryTake(SECOND)).isTrue();
    }

    private static int passes(RateLimit limit, int tries, long now) {
        int passed = 0;
        for (int i = 0; i < tries; i++) {
            if (limit.tryTake(now)) {
                passed++;
            }
        }
        return passed;
    }
}
