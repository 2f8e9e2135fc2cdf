package io.runnel;

import io.runnel.engine.BlobReader;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Walks through a blob, waiting for one stretch after the other to be stored. */
final class Prefetch {
    /** As small a store's readers have room for; the look-ahead goes on beyond. */
    private static final long STRETCH_BYTES = 1 << 20;

    private final BlobReader reader;
    private final long end;
    private final CompletableFuture<@Nullable Void> result = new CompletableFuture<>();

    Prefetch(BlobReader reader, long end) {
        this.reader = reader;
        this.end = end;
    }

    CompletableFuture<@Nullable Void> start() {
        next(0);
        return result;
    }

    private void next(long offset) {
        long length = Math.min(STRETCH_BYTES, end - offset);
        CompletableFuture<?> unused = reader.want(offset, length, end).whenComplete((nothing, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (offset + length >= end || result.isDone()) {
                result.complete(null);
            } else {
                next(offset + length);
            }
        });
    }
}
