package io.runnel.cli;

import io.runnel.cli.report.ExitCode;
import io.runnel.cli.report.Json;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

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
        int code = new CommandLine(new RunnelCommand())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Main::failed)
                .registerConverter(Path.class, Main::path)
                .execute(arguments);
        if (code == ExitCode.OK.number() && out.checkError()) {
            err.println(
                    "runnel: stdout could not be written: it is closed or full, and what the command had to say is lost");
            return ExitCode.FAILURE.number();
        }
        return code;
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("cannot be the name of a file here (" + e.getReason()
                    + "): where the locale has only ASCII, set LC_ALL=C.UTF-8");
        }
    }

    private static int failed(Exception thrown, CommandLine command, ParseResult parsed) {
        Failure failure = Failure.of(thrown);
        if (AtEnd.begun()) {
            return failure.exitCode();
        }
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
