package io.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The start script, in a folder where all is built, with a Java that only tells which locale it would run in. */
class ScriptTest {
    private static final Path SCRIPT = Path.of("../runnel");
    private static final List<String> TOOLS =
            List.of("sh", "cat", "dirname", "find", "grep", "head", "readlink", "sed");

    @TempDir
    Path folder;

    private Path root;
    private Path programs;

    @BeforeEach
    void makeCheckout() throws IOException {
        root = Files.createDirectory(folder.resolve("checkout"));
        Path target = Files.createDirectories(root.resolve("examples/cli/target"));
        Files.copy(SCRIPT, root.resolve("examples/runnel"));
        Files.createFile(root.resolve("pom.xml"));
        Files.createFile(target.resolve("cli.jar"));
        Files.createFile(target.resolve("runnel.built"));

        programs = Files.createDirectory(folder.resolve("bin"));
        for (String tool : TOOLS) {
            link(tool);
        }
        program("java", """
                if [ "$1" = -version ]; then
                    echo 'openjdk version "17.0.1"' >&2
                else
                    printf %s "${LC_ALL:-none}"
                fi""");
    }

    private void link(String tool) throws IOException {
        for (String place : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(place, tool))) {
                Files.createSymbolicLink(programs.resolve(tool), Path.of(place, tool));
                return;
            }
        }
        throw new IOException("no " + tool + " on the PATH");
    }

    private void program(String name, String text) throws IOException {
        Path file = Files.writeString(programs.resolve(name), "#!" + programs.resolve("sh") + "\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** A system with these locales beside C, which is what it uses where it has not got what is asked for. */
    private void locales(String... names) throws IOException {
        program("locale", """
                case "$*" in
                charmap)
                    for name in %1$s; do
                        [ "${LC_ALL:-${LC_CTYPE:-$LANG}}" != "$name" ] || charmap=UTF-8
                    done
                    echo "${charmap:-ANSI_X3.4-1968}"
                    ;;
                -a) printf '%%s\\n' C POSIX %1$s ;;
                esac""".formatted(String.join(" ", names)));
    }

    private String localeOfJava(Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder script =
                new ProcessBuilder(root.resolve("examples/runnel").toString(), "info");
        script.environment().clear();
        script.environment().put("PATH", programs.toString());
        script.environment().putAll(environment);
        Process process = script.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return told;
    }

    @ParameterizedTest
    @CsvSource({"LC_ALL,C", "LC_ALL,POSIX", "LC_CTYPE,C", "LANG,C", "LANG,de_DE.UTF-8"})
    void locale_hasOnlyAscii_isSetToOneOfAllNames(String variable, String value)
            throws IOException, InterruptedException {
        locales("C.utf8");
        assertThat(localeOfJava(Map.of(variable, value))).isEqualTo("C.UTF-8");
    }

    @Test
    void locale_isOfAllNames_isLeft() throws IOException, InterruptedException {
        locales("C.utf8", "de_DE.UTF-8");
        assertThat(localeOfJava(Map.of("LANG", "de_DE.UTF-8"))).isEqualTo("none");
    }

    @Test
    void locale_systemHasNoOther_isLeft() throws IOException, InterruptedException {
        locales("en_US.ISO8859-1");
        assertThat(localeOfJava(Map.of("LC_ALL", "C"))).isEqualTo("C");
    }

    @ParameterizedTest
    @CsvSource({"LC_ALL,C,C.UTF-8", "LC_ALL,C.UTF-8,C.UTF-8", "LANG,de_DE.utf8,none", "LANG,C,C.UTF-8"})
    void locale_noCommandTells_variablesDecide(String variable, String value, String expected)
            throws IOException, InterruptedException {
        assertThat(localeOfJava(Map.of(variable, value))).isEqualTo(expected);
    }
}
