package io.runnel.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnitsTest {
    @Test
    void bytes_takesAUnitThatSuits() {
        assertThat(Units.bytes(0)).isEqualTo("0 B");
        assertThat(Units.bytes(9_999)).isEqualTo("9999 B");
        assertThat(Units.bytes(16_385)).isEqualTo("16.4 kB");
        assertThat(Units.bytes(134_217_728)).isEqualTo("134.2 MB");
    }

    @Test
    void megabytesPerSecond_countsMillionsOfBytes() {
        assertThat(Units.megabytesPerSecond(50_000_000, 2_000_000_000L)).isEqualTo(25.0);
        assertThat(Units.megabytesPerSecond(1, 0)).isZero();
    }
}
