package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchException;
import io.runnel.source.SourceException;

/** Says why nobody could deliver, from what is known of the sources. */
final class Diagnosis {
    private Diagnosis() {}

    static FetchException of(BlobId id, SourceTable sources) {
        SourceException origin = sources.originFailure(System.nanoTime());
        if (sources.originBanned()) {
            return failure(
                    FetchException.Reason.INTEGRITY,
                    id,
                    "the origin delivers bytes that are not this blob's, and nobody else has it: publish it again",
                    origin);
        }
        if (origin == null) {
            return sources.anyBanned()
                    ? failure(
                            FetchException.Reason.INTEGRITY,
                            id,
                            "peers delivered bytes that are not this blob's and are not asked any more, and nobody else"
                                    + " delivered anything in time: try again later",
                            null)
                    : failure(
                            FetchException.Reason.TIMED_OUT,
                            id,
                            "no source delivered anything in time: check the connection, and that some peer or origin"
                                    + " has it",
                            null);
        }
        return switch (origin.reason()) {
            case NOT_FOUND ->
                failure(FetchException.Reason.NOT_FOUND, id, "the origin does not have it: check the id", origin);
            case DENIED ->
                failure(
                        FetchException.Reason.ORIGIN_DENIED,
                        id,
                        "no access to the origin (" + origin.getMessage()
                                + "): renew the authorization, or mend what supplies it",
                        origin);
            default ->
                failure(
                        FetchException.Reason.ORIGIN_FAILED,
                        id,
                        "the origin failed (" + origin.getMessage() + ") and no peer "
                                + (sources.anyBanned() ? "but peers that lied " : "")
                                + "has what is missing: try again later",
                        origin);
        };
    }

    private static FetchException failure(
            FetchException.Reason reason, BlobId id, String what, @org.jspecify.annotations.Nullable Throwable cause) {
        return new FetchException(reason, "blob " + id + ": " + what, cause);
    }
}
