package io.runnel.p2p.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
    @TempDir
    Path folder;

    /** Loads the library, and stand-ins for what this machine does not have, in a JVM that has loaded nothing. */
    public static final class LoadMain {
        private LoadMain() {}

        public static void main(String[] arguments) {
            NativeLibrary.load();
            NativeLibrary.load();
            System.out.println("RESULT loaded");
        }
    }

    @Test
    void load_freshJvm_succeeds() throws Exception {
        ChildJvm.Result result = ChildJvm.run(LoadMain.class, 60);
        assertThat(result.output()).contains("RESULT loaded").doesNotContain("stack guard");
    }

    /** A library that nothing provides becomes loadable by its name once an empty one of that name is loaded. */
    public static final class StandInMain {
        private StandInMain() {}

        public static void main(String[] arguments) throws Exception {
            EmptyLibrary.Machine machine = EmptyLibrary.Machine.current();
            Path folder = Path.of(arguments[0]);
            Path needing =
                    Files.write(folder.resolve("needing"), EmptyLibrary.needing(machine, "librunnel-absent.so.7"));
            Path named = Files.write(folder.resolve("named"), EmptyLibrary.named(machine, "librunnel-absent.so.7"));
            Path present = Files.write(folder.resolve("present"), EmptyLibrary.needing(machine, "libc.so.6"));
            System.load(present.toString());
            try {
                System.load(needing.toString());
                System.out.println("loaded what is absent");
            } catch (UnsatisfiedLinkError expected) {
                System.load(named.toString());
                System.load(needing.toString());
                System.out.println("RESULT stands in");
            }
        }
    }

    @Test
    void emptyLibrary_absentName_standsInForIt() throws Exception {
        Needs.that(
                System.getProperty("os.name").equals("Linux") && EmptyLibrary.Machine.current() != null,
                "stand-ins are for Linux on x86-64 and aarch64");
        ChildJvm.Result result = ChildJvm.run(StandInMain.class, 60, folder.toString());
        assertThat(result.output()).contains("RESULT stands in").doesNotContain("stack guard");
    }

    @Test
    void load_temporaryFolderMissing_saysWhatToDo() throws Exception {
        ChildJvm.Result result = ChildJvm.run(BrokenMain.class, 60, "-Djava.io.tmpdir=" + folder.resolve("missing"));
        assertThat(result.code()).isNotZero();
        assertThat(result.output())
                .contains("TransportUnavailableException")
                .contains("libpulse0")
                .contains("java.io.tmpdir");
    }

    /** Cannot write what it needs. */
    public static final class BrokenMain {
        private BrokenMain() {}

        public static void main(String[] arguments) {
            NativeLibrary.load();
        }
    }
}
