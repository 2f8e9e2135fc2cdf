package io.runnel.docs.modules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts JVMs whose module path holds the built jars: the only place where each module-info is put to use. */
class ModulePathIT {
    private static final long LIMIT_SECONDS = 120;

    @TempDir
    private Path folder;

    @Test
    void modulePath_withTheExamples_resolves() throws Exception {
        String listed = run(
                "--module-path",
                RuntimePath.withExamples().toString(),
                "--add-modules",
                "io.runnel.devserver,io.runnel.cli",
                "--list-modules");
        assertThat(listed).contains("io.runnel.crypto@", "io.runnel.core@", "io.runnel.http@", "io.runnel.p2p@");
    }

    @Test
    void modularApp_withOriginAndSwarm_runsEveryPart() throws Exception {
        assertThat(runApp("app", RuntimePath.ofAnApp()))
                .contains("fetch failed as it should: ORIGIN_FAILED", "other threads: []", "client built and closed");
    }

    @Test
    void modularApp_withoutPeers_needsNoNativeCode() throws Exception {
        RuntimePath path = RuntimePath.ofAnApp().without("webrtc-java").without("sdk-p2p");
        assertThat(runApp("httponly", path))
                .contains("fetch failed as it should: ORIGIN_FAILED", "client built and closed");
    }

    private String runApp(String name, RuntimePath path) throws IOException, InterruptedException {
        Path sources = Path.of(System.getProperty("runnel.root"), "docs/src/test/apps", name);
        Path classes = folder.resolve(name);
        List<String> arguments =
                new ArrayList<>(List.of("--release", "17", "--module-path", path.toString(), "-d", classes.toString()));
        try (var files = Files.walk(sources)) {
            files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
        }
        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(String[]::new));
        assertThat(status).as("javac of " + name).isZero();
        return run("--module-path", path.and(classes).toString(), "--module", "example." + name + "/example.Main");
    }

    private static String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        assertThat(ended).as("ended in time: %s", output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
