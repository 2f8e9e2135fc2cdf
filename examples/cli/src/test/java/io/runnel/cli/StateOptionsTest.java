package io.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateOptionsTest {
    @Test
    void home_variableIsSet_isThatFolder() {
        Path folder = Path.of("elsewhere").toAbsolutePath();
        assertThat(StateOptions.home(folder.toString())).isEqualTo(folder);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "relative"})
    void home_variableIsOfNoUse_isTheUsersOwn(String variable) {
        assertThat(StateOptions.home(variable)).isEqualTo(Path.of(System.getProperty("user.home")));
    }
}
