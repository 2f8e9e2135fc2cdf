package io.runnel.cli.report;

import java.io.Serial;

/** A command cannot go on, and its message tells the user why and what to do. No stack trace is shown for it. */
public final class CommandException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    /** A failure with the code the process ends with. */
    public CommandException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The code the process ends with. */
    public ExitCode exitCode() {
        return exitCode;
    }
}
