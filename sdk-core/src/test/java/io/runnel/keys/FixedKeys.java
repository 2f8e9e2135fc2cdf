package io.runnel.keys;

import io.runnel.crypto.BlobId;
import io.runnel.source.TestBlob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Gives the keys of blobs it was told of, until it is revoked. */
public final class FixedKeys implements KeySource {
    private final Map<BlobId, TestBlob> blobs = new ConcurrentHashMap<>();
    private final List<BlobGrant> given = new ArrayList<>();
    private final List<Runnable> onRevoked = new ArrayList<>();
    private boolean revoked;
    private boolean closed;

    /** Knows these blobs. */
    public FixedKeys(TestBlob... known) {
        for (TestBlob blob : known) {
            blobs.put(blob.id(), blob);
        }
    }

    @Override
    public synchronized CompletableFuture<BlobGrant> grant(BlobId id) {
        TestBlob blob = blobs.get(id);
        if (revoked || closed || blob == null) {
            KeyException.Reason reason = revoked
                    ? KeyException.Reason.REVOKED
                    : closed ? KeyException.Reason.CLOSED : KeyException.Reason.NOT_FOUND;
            return CompletableFuture.failedFuture(new KeyException(reason, "scripted refusal"));
        }
        BlobGrant grant = new BlobGrant(blob.key(), blob.bytes().length);
        given.add(grant);
        return CompletableFuture.completedFuture(grant);
    }

    /** Whether all keys it gave have been wiped by who got them. */
    public synchronized boolean allWiped() {
        return given.stream().allMatch(grant -> grant.key().isClosed());
    }

    /** Revokes the client. */
    public void revoke() {
        List<Runnable> actions;
        synchronized (this) {
            revoked = true;
            actions = List.copyOf(onRevoked);
        }
        actions.forEach(Runnable::run);
    }

    @Override
    public synchronized void onRevoked(Runnable action) {
        onRevoked.add(action);
    }

    /** Whether the engine has closed it. */
    public synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
