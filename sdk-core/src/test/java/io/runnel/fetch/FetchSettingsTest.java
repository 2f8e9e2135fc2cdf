package io.runnel.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FetchSettingsTest {
    private static final FetchSettings DEFAULTS = FetchSettings.defaults();

    @Test
    void withPeerWait_outOfBounds_namesFieldValueAndBounds() {
        for (Duration wait : List.of(
                Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofSeconds(Long.MIN_VALUE),
                Duration.ofMinutes(1).plusNanos(1),
                Duration.ofNanos(-1))) {
            assertThatThrownBy(() -> DEFAULTS.withPeerWait(wait))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("peerWait: " + wait + ", must be PT0S to PT1M");
        }
        assertThat(DEFAULTS.withPeerWait(Duration.ofMinutes(1)).peerWait()).hasMinutes(1);
    }

    @Test
    void withTimeouts_outOfBounds_namesTheField() {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        assertThatThrownBy(() -> DEFAULTS.withStallTimeout(forEver))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stallTimeout");
        assertThatThrownBy(() -> DEFAULTS.withNoProgressTimeout(forEver))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("noProgressTimeout");
    }

    @Test
    void withPeerWait_null_namesTheField() {
        assertThatThrownBy(() -> DEFAULTS.withPeerWait(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("peerWait");
    }
}
