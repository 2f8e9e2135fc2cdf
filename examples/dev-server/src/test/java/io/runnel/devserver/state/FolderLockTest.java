package io.runnel.devserver.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.file.SoleLock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir
    Path dir;

    private StateFolder folder;

    @BeforeEach
    void open() throws IOException {
        folder = StateFolder.open(dir.resolve("state"));
    }

    @Test
    void take_refusedWithinTheProcess_keepsOtherProcessesOut() throws Exception {
        try (SoleLock held = FolderLock.take(folder)) {
            assertRefused(folder);
            assertThat(Other.gets(folder)).isFalse();
        }
        assertThat(Other.gets(folder)).isTrue();
    }

    @Test
    void take_throughALink_isRefused() throws Exception {
        Path link = Files.createSymbolicLink(dir.resolve("link"), dir.resolve("state"));
        try (SoleLock held = FolderLock.take(folder)) {
            assertRefused(StateFolder.open(link));
        }
    }

    @Test
    void take_afterClose_isGiven_thoughClosedTwice() throws Exception {
        SoleLock first = FolderLock.take(folder);
        first.close();
        try (SoleLock second = FolderLock.take(folder)) {
            first.close();
            assertRefused(folder);
        }
    }

    @Test
    void take_lockThatIsNoFile_failsAndCanBeTakenOnceItIsGone() throws Exception {
        Path file = Files.createDirectory(folder.file("server.lock"));
        assertThatThrownBy(() -> FolderLock.take(folder)).isInstanceOf(IOException.class);
        Files.delete(file);
        FolderLock.take(folder).close();
    }

    private static void assertRefused(StateFolder folder) {
        assertThatThrownBy(() -> FolderLock.take(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another server");
    }

    /** Another process that tries to take the lock. */
    static final class Other {
        private Other() {}

        static boolean gets(StateFolder folder) throws IOException, InterruptedException {
            return new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Other.class.getName(),
                                    folder.file("server.lock").toString())
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        }

        public static void main(String[] arguments) throws IOException {
            try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
                System.exit(channel.tryLock() == null ? 3 : 0);
            }
        }
    }
}
