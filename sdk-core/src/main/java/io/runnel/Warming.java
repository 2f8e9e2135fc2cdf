package io.runnel;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One blob on its way into the store: opened, fetched, closed. */
final class Warming {
    private final CompletableFuture<@Nullable Void> result = new CompletableFuture<>();

    /**
     * Goes on once the blob is open.
     *
     * @param opening completes with the blob; a blob that comes after it was cancelled closes itself
     */
    CompletableFuture<@Nullable Void> start(CompletableFuture<Blob> opening) {
        CompletableFuture<?> unusedStop = result.whenComplete((nothing, failure) -> opening.cancel(false));
        CompletableFuture<?> unused = opening.whenComplete((blob, failure) -> {
            if (failure == null) {
                fetch(blob);
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    private void fetch(Blob blob) {
        CompletableFuture<@Nullable Void> prefetch = blob.prefetch();
        CompletableFuture<?> unusedStop = result.whenComplete((nothing, failure) -> prefetch.cancel(false));
        CompletableFuture<?> unused = prefetch.whenComplete((nothing, failure) -> {
            blob.close();
            if (failure == null) {
                result.complete(null);
            } else {
                result.completeExceptionally(failure);
            }
        });
    }
}
