package io.runnel.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlaybackHintTest {
    @Test
    void hint_moreThanAnyPlayerNeeds_isTheMostThereIs() {
        assertThat(new PlaybackHint(Long.MAX_VALUE, Duration.ofSeconds(Long.MAX_VALUE)))
                .isEqualTo(new PlaybackHint(1L << 40, Duration.ofDays(1)));
        assertThat(PlaybackHint.ofBytes(1, Long.MAX_VALUE)).isEqualTo(new PlaybackHint(1, Duration.ofDays(1)));
    }

    @Test
    void hint_negative_isRefused() {
        assertThatThrownBy(() -> new PlaybackHint(-1, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PlaybackHint(0, Duration.ofSeconds(Long.MIN_VALUE)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
