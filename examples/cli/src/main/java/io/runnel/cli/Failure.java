package io.runnel.cli;

import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import io.runnel.cli.report.Report;
import io.runnel.fetch.FetchException;
import java.util.List;

/**
 * The report of a command that failed.
 *
 * @param error the name of the exit code
 * @param exitCode its number
 * @param message why, and what to do
 */
record Failure(String error, int exitCode, String message) implements Report {
    static Failure of(Throwable thrown) {
        ExitCode code = ExitCode.FAILURE;
        if (thrown instanceof CommandException failure) {
            code = failure.exitCode();
        } else if (thrown instanceof FetchException failure) {
            code = ExitCode.of(failure.reason());
        }
        String message = thrown.getMessage();
        return new Failure(code.name(), code.number(), message == null ? thrown.toString() : message);
    }

    @Override
    public List<String> lines() {
        return List.of("runnel: " + message);
    }
}
