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
import org.jspecify.annotations.Nullable;

/**
 * The report of a command that failed.
 *
 * @param error the name of the exit code
 * @param exitCode its number
 * @param message why, and what to do
 * @param published of an ingest: what it had published before
 */
record Failure(
        String error,
        int exitCode,
        String message,
        @Nullable List<IngestReport.Item> published) implements Report {
    static Failure of(Throwable thrown) {
        if (thrown instanceof UnfinishedIngestException ingest && ingest.getCause() != null) {
            return of(ingest.getCause(), ingest.published());
        }
        return of(thrown, null);
    }

    private static Failure of(Throwable thrown, @Nullable List<IngestReport.Item> published) {
        ExitCode code = ExitCode.FAILURE;
        if (thrown instanceof CommandException failure) {
            code = failure.exitCode();
        } else if (thrown instanceof FetchException failure) {
            code = ExitCode.of(failure.reason());
        } else if (thrown instanceof NoStateFolderException) {
            code = ExitCode.NO_SERVER;
        }
        return new Failure(code.name(), code.number(), message(thrown), published);
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
