package io.runnel.http.origin;

import io.runnel.source.SourceException;
import io.runnel.source.SourceException.Reason;
import java.io.Serial;
import java.time.Duration;

/** One attempt failed. Carries what to report if it was the last, and whether another could do better. */
final class AttemptException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final SourceException failure;
    private final boolean worthRetrying;

    private AttemptException(SourceException failure, boolean worthRetrying) {
        super(failure.getMessage(), failure, false, false);
        this.failure = failure;
        this.worthRetrying = worthRetrying;
    }

    /** Another attempt would end the same. */
    static AttemptException lasting(Reason reason, String message) {
        return new AttemptException(new SourceException(reason, message), false);
    }

    /** Another attempt may succeed. */
    static AttemptException passing(Reason reason, String message) {
        return passing(reason, message, Duration.ZERO);
    }

    /** Another attempt may succeed after {@code retryAfter}. */
    static AttemptException passing(Reason reason, String message, Duration retryAfter) {
        return new AttemptException(new SourceException(reason, message, retryAfter), true);
    }

    SourceException failure() {
        return failure;
    }

    boolean worthRetrying() {
        return worthRetrying;
    }
}
