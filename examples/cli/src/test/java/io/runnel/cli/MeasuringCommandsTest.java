package io.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that measure: bench and sim. */
class MeasuringCommandsTest extends CommandTest {
    @Test
    void bench_optionOutOfBounds_isUsageAndNamesTheBounds() {
        assertThat(run("bench", "--soak", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--soak: 0, must be 1 to 10000");
        assertThat(run("bench", "--soak", "1", "--pause", "-1")).isEqualTo(2);
        assertThat(err.toString()).contains("--pause: -1, must be 0 to 60000");
        assertThat(run("bench", "--size", "65537")).isEqualTo(2);
        assertThat(err.toString()).contains("--size: 65537, must be 1 to 65536");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--one-client", "--pause 0"})
    void bench_soakOptionWithoutSoak_isUsage(String options) {
        List<String> line = new ArrayList<>(List.of("bench", "--size", "1"));
        line.addAll(List.of(options.split(" ")));
        assertThat(run(line.toArray(new String[0]))).isEqualTo(2);
        assertThat(err.toString()).contains("--one-client and --pause: only with --soak");
    }

    @Test
    void bench_roundsWithSoak_isUsage() {
        assertThat(run("bench", "--soak", "1", "--rounds", "3")).isEqualTo(2);
        assertThat(err.toString()).contains("--rounds: not with --soak");
    }

    @Test
    void bench_folderThatIsNone_isUsageAndNamesIt() {
        Path missing = folder.resolve("missing");
        assertThat(run("bench", "--size", "1", "--folder", missing.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("--folder: there is no folder " + missing);
    }

    @Test
    void sim_printsOneObjectAndWritesCourseAndPlot() throws IOException {
        String to = folder.resolve("plots").toString();
        assertThat(run("sim", "--scenario", "live", "--peers", "6", "--duration", "20", "--out", to, "--json"))
                .isZero();
        assertThat(object()).containsEntry("peers", 6).containsKeys("originCopies", "originReasons");
        assertThat(String.valueOf(object().get("traceHash"))).matches("[0-9a-f]{16}");
        assertThat(err.toString()).contains("sim: 100 % of 20 s", "origin alone: 100 % of 20 s");
        assertThat(Files.readString(folder.resolve("plots/sim-live-6-1.csv")).lines())
                .hasSizeGreaterThan(3)
                .startsWith("millis,offload,originCopies,stalls,startupMillisMedian");
        assertThat(Files.readString(folder.resolve("plots/sim-live-6-1.svg")))
                .contains("origin copies", "stalls", "startup", "origin alone")
                .endsWith("</svg>\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plots/sim-live-100000-1.csv", "plots/sim-live-100000-1.svg"})
    void sim_fileThatCannotBeWritten_isUsageBeforeAnythingIsRun(String taken) throws IOException {
        Files.createDirectories(folder.resolve(taken));
        String to = folder.resolve("plots").toString();
        assertThat(run("sim", "--scenario", "live", "--peers", "100000", "--duration", "3600", "--out", to))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--out: cannot write " + folder.resolve(taken));
        try (var files = Files.list(folder.resolve("plots"))) {
            assertThat(files).containsExactly(folder.resolve(taken));
        }
    }

    @Test
    void sim_outThatIsAFile_isUsage() throws IOException {
        String to = file("plots", 1).toString();
        assertThat(run("sim", "--scenario", "live", "--out", to)).isEqualTo(2);
        assertThat(err.toString()).contains("--out: cannot write");
    }

    @Test
    void sim_ofAnUnknownScenario_isUsage() {
        assertThat(run("sim", "--scenario", "party")).isEqualTo(2);
        assertThat(err.toString()).contains("flash-crowd");
    }
}
