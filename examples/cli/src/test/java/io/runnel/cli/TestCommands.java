package io.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs commands inside the test's process. */
final class TestCommands {
    private TestCommands() {}

    /** Runs a command that must end with 0, and returns what it printed on stdout. */
    static String succeed(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        assertThat(code).as(err.toString()).isZero();
        return out.toString();
    }
}
