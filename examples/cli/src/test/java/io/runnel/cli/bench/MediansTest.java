package io.runnel.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class MediansTest {
    @Test
    void of_oddNumber_isTheMiddle() {
        assertThat(Medians.of(List.of(9.0, 1.0, 5.0), Double::doubleValue)).isEqualTo(5.0);
    }

    @Test
    void of_evenNumber_isTheMeanOfTheTwoInTheMiddle() {
        assertThat(Medians.of(List.of(9.0, 1.0, 5.0, 3.0), Double::doubleValue)).isEqualTo(4.0);
    }

    @Test
    void of_none_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Medians.of(List.<Double>of(), Double::doubleValue));
    }
}
