package io.runnel.cli.report;

import io.runnel.fetch.FetchException;

/** How the command ends, as the shell sees it. The numbers are part of the command's documented interface. */
public enum ExitCode {
    /** Done. */
    OK(0),
    /** Something failed that has no number of its own. */
    FAILURE(1),
    /** The command line is wrong. */
    USAGE(2),
    /** A demonstration ran, and what it shows is not what it should show. */
    DIFFERENCE(3),
    /** No server answers, or there is no state folder that names one. */
    NO_SERVER(4),
    /** This client was revoked. */
    KEY_REVOKED(10),
    /** The app server did not give the key. */
    KEY_UNAVAILABLE(11),
    /** Nobody knows the blob. */
    NOT_FOUND(12),
    /** The origin refuses this client. */
    ORIGIN_DENIED(13),
    /** The origin cannot be reached, and no peer has what is missing. */
    ORIGIN_FAILED(14),
    /** What the sources hold is not the blob. */
    INTEGRITY(15),
    /** Nothing arrived for too long. */
    TIMED_OUT(16),
    /** The local store failed. */
    STORE_FAILED(17),
    /** The fetch was cancelled. */
    CLOSED(18);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The number the process ends with. */
    public int number() {
        return number;
    }

    /** The code for a failed fetch. */
    public static ExitCode of(FetchException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> NOT_FOUND;
            case ORIGIN_FAILED -> ORIGIN_FAILED;
            case ORIGIN_DENIED -> ORIGIN_DENIED;
            case INTEGRITY -> INTEGRITY;
            case KEY_UNAVAILABLE -> KEY_UNAVAILABLE;
            case KEY_REVOKED -> KEY_REVOKED;
            case TIMED_OUT -> TIMED_OUT;
            case STORE_FAILED -> STORE_FAILED;
            case CLOSED -> CLOSED;
        };
    }
}
