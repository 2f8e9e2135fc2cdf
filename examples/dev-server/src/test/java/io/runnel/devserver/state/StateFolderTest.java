package io.runnel.devserver.state;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    @TempDir
    Path dir;

    @Test
    @EnabledOnOs(OS.LINUX)
    void fill_diskIsFull_saysWhichFolderAndWhatToDo() throws Exception {
        StateFolder folder = StateFolder.open(dir.resolve("state"));
        assertThatThrownBy(() -> folder.fill(Path.of("/dev/full"), new byte[10]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(dir.resolve("state").toString())
                .hasMessageContaining("make room");
    }
}
