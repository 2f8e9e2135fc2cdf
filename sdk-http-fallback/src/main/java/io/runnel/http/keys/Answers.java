package io.runnel.http.keys;

import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeyException;
import io.runnel.keys.SwarmTicket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/** The futures of requests that are not answered yet, by their id. One owner. */
final class Answers {
    private final Map<Long, CompletableFuture<BlobGrant>> grants = new HashMap<>();
    private final Map<Long, CompletableFuture<SwarmTicket>> tickets = new HashMap<>();
    private final LongConsumer givenUp;
    private long ids;

    /**
     * No futures yet.
     *
     * @param givenUp told the id of a request whose future failed, on whichever thread made it: its asker may have
     *     cancelled it, and wait no more
     */
    Answers(LongConsumer givenUp) {
        this.givenUp = givenUp;
    }

    long awaitGrant(CompletableFuture<BlobGrant> future) {
        grants.put(++ids, future);
        return watched(ids, future);
    }

    long awaitTicket(CompletableFuture<SwarmTicket> future) {
        tickets.put(++ids, future);
        return watched(ids, future);
    }

    private long watched(long id, CompletableFuture<?> future) {
        var unused = future.whenComplete((answer, failure) -> {
            if (failure != null) {
                givenUp.accept(id);
            }
        });
        return id;
    }

    void forget(long id) {
        grants.remove(id);
        tickets.remove(id);
    }

    /** A grant that nobody waits for any more is wiped. */
    void granted(long id, BlobGrant grant) {
        CompletableFuture<BlobGrant> future = grants.remove(id);
        if (future == null || !future.complete(grant)) {
            grant.close();
        }
    }

    void admitted(long id, SwarmTicket ticket) {
        CompletableFuture<SwarmTicket> future = tickets.remove(id);
        if (future != null) {
            future.complete(ticket);
        }
    }

    void refused(long id, KeyException refusal) {
        CompletableFuture<?> grant = grants.remove(id);
        CompletableFuture<?> future = grant == null ? tickets.remove(id) : grant;
        if (future != null) {
            future.completeExceptionally(refusal);
        }
    }
}
