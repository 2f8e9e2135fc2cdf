package io.runnel;

import io.runnel.fetch.FetchException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Turns the asynchronous form of a method into the blocking one. */
final class Waiting {
    private Waiting() {}

    /** Waits for the result; an interrupt cancels the future. */
    static <T> T join(CompletableFuture<T> future, String what) throws FetchException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new FetchException(FetchException.Reason.CLOSED, what + " was interrupted", e);
        } catch (CancellationException e) {
            throw new FetchException(FetchException.Reason.CLOSED, what + " was cancelled", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FetchException known) {
                // Another one, so that the stack is the caller's; its cause is what led to the failure, as in the known
                // one.
                FetchException thrown =
                        new FetchException(known.reason(), String.valueOf(known.getMessage()), known.getCause());
                thrown.addSuppressed(known);
                throw thrown;
            }
            throw new IllegalStateException(what + " failed unexpectedly: please report this", e.getCause());
        }
    }
}
