package io.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.cli.report.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Commands inside the test's process, what they print, and a folder for their files. */
abstract class CommandTest {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    @SuppressWarnings("unchecked") // a JSON object has text for names
    Map<String, Object> object() {
        assertThat(out.toString().lines()).hasSize(1);
        return Json.read(out.toString(), Map.class);
    }

    String state() {
        return folder.resolve("state").toString();
    }

    Path file(String name, int size) throws IOException {
        return Files.write(folder.resolve(name), new byte[size]);
    }
}
