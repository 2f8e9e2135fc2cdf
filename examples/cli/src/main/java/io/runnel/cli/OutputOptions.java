package io.runnel.cli;

import io.runnel.cli.report.Json;
import io.runnel.cli.report.Report;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where a command's words go: its report to stdout, all else to stderr. */
public final class OutputOptions {
    @Option(names = "--json", description = "Print one JSON object on stdout; everything else goes to stderr.")
    private boolean json;

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before any command runs
    private CommandSpec command;

    /** Prints the report on stdout. */
    void report(Report report) {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(Json.write(report));
        } else {
            report.lines().forEach(line -> out.println(Printable.line(line)));
        }
        out.flush();
    }

    /** Prints one line on stdout. */
    void line(String text) {
        command.commandLine().getOut().println(text);
        command.commandLine().getOut().flush();
    }

    /** Where remarks and progress go. */
    PrintWriter remarks() {
        return command.commandLine().getErr();
    }
}
