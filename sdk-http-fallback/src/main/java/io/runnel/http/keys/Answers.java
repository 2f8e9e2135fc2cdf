package io.runnel.http.keys;

import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeyException;
import io.runnel.keys.SwarmTicket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The futures of requests that are not answered yet, by their id. One owner. */
final class Answers {
    private final Map<Long, CompletableFuture<BlobGrant>> grants = new HashMap<>();
    private final Map<Long, CompletableFuture<SwarmTicket>> tickets = new HashMap<>();
    private long ids;

    long awaitGrant(CompletableFuture<BlobGrant> future) {
        grants.put(++ids, future);
        return ids;
    }

    long awaitTicket(CompletableFuture<SwarmTicket> future) {
        tickets.put(++ids, future);
        return ids;
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
