package io.runnel.cli;

import io.runnel.cli.report.Json;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** The process: reads the command line, runs the command, ends with its code. */
public final class Main {
    private Main() {}

    /** Runs the command and exits. */
    public static void main(String[] arguments) {
        int code = run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments);
        AtEnd.closeStandardOutput();
        System.exit(code);
    }

    /**
     * Runs the command without ending the process.
     *
     * @return the code the process is to end with
     */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new RunnelCommand())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Main::failed)
                .execute(arguments);
    }

    private static int failed(Exception thrown, CommandLine command, ParseResult parsed) {
        Failure failure = Failure.of(thrown);
        ParseResult innermost = parsed;
        while (innermost.hasSubcommand()) {
            innermost = innermost.subcommand();
        }
        if (innermost.hasMatchedOption("--json")) {
            command.getOut().println(Json.write(failure));
        }
        failure.lines().forEach(line -> command.getErr().println(Printable.line(line)));
        if (Boolean.getBoolean("runnel.trace")) {
            thrown.printStackTrace(command.getErr());
        }
        command.getOut().flush();
        command.getErr().flush();
        return failure.exitCode();
    }
}
