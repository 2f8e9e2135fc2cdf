package io.runnel.cli;

import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import io.runnel.cli.report.Report;
import io.runnel.devserver.NoStateFolderException;
import io.runnel.fetch.FetchException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
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
        } else if (thrown instanceof NoStateFolderException) {
            code = ExitCode.NO_SERVER;
        }
        return new Failure(code.name(), code.number(), message(thrown));
    }

    /** What went wrong, in words: what some exceptions say themselves is a path, and no more. */
    static String message(Throwable thrown) {
        String message = thrown.getMessage();
        if (thrown instanceof NoSuchFileException) {
            return "there is no file " + message;
        }
        if (thrown instanceof AccessDeniedException) {
            return message + ": permission denied";
        }
        if (thrown instanceof FileAlreadyExistsException) {
            return message + " is there already, and is something else than was expected";
        }
        return message == null ? thrown.toString() : message;
    }

    @Override
    public List<String> lines() {
        return List.of("runnel: " + message);
    }
}
