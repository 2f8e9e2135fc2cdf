package io.runnel.devserver.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    @TempDir
    Path dir;

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void open_folderOpenToOthers_isClosedToThem() throws Exception {
        Path state = Files.createDirectory(dir.resolve("state"));
        Path keys = Files.createDirectory(state.resolve("keys"));
        for (Path open : List.of(state, keys)) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        StateFolder.open(state);

        for (Path closed : List.of(state, keys)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(closed)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void lock_file_isItsOwnersAlone() throws Exception {
        StateFolder folder = StateFolder.open(dir.resolve("state"));
        FolderLock.take(folder).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.file("server.lock"))))
                .isEqualTo("rw-------");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void open_pathThatLeavesALink_isTheFolderThePathNames() throws Exception {
        Path elsewhere = Files.createDirectories(dir.resolve("a/b"));
        Path link = Files.createSymbolicLink(dir.resolve("link"), elsewhere);
        StateFolder.open(link.resolve("../state"));

        assertThat(dir.resolve("a/state/keys")).isDirectory();
        assertThat(dir.resolve("state")).doesNotExist();
    }

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
