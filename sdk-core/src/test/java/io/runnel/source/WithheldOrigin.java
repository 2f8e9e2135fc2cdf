package io.runnel.source;

import io.runnel.crypto.BlobId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** An origin that tells trees at once and delivers groups only when it is told to, one request after the other. */
public final class WithheldOrigin implements SourceProvider {
    private static final SourceInfo INFO = new SourceInfo("origin:withheld", SourceInfo.Kind.ORIGIN);

    /** What it was asked for. */
    public record Asked(BlobId blob, GroupRange groups) {}

    private final Map<BlobId, TestBlob> blobs = new HashMap<>();
    private final List<Asked> log = new ArrayList<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private long mostGroups;
    private long deliveredGroups;
    private volatile Runnable whenAsked = () -> {};

    /** An origin of these blobs. */
    public WithheldOrigin(TestBlob... published) {
        for (TestBlob blob : published) {
            blobs.put(blob.id(), blob);
        }
    }

    /** Has this run by who asks, each time it asks for groups: the engine's loop. */
    public void whenAsked(Runnable task) {
        whenAsked = task;
    }

    /** All it was asked for so far, in order. */
    public synchronized List<Asked> log() {
        return List.copyOf(log);
    }

    /** The most groups it ever owed at a time. */
    public synchronized long mostGroups() {
        return mostGroups;
    }

    /** How many groups it has delivered so far. */
    public synchronized long deliveredGroups() {
        return deliveredGroups;
    }

    /** Delivers what it was asked for longest ago; false where it owes nothing. */
    public boolean deliver() {
        Waiting oldest;
        synchronized (this) {
            if (waiting.isEmpty()) {
                return false;
            }
            oldest = waiting.remove(0);
            deliveredGroups += oldest.groups.count();
        }
        oldest.receiver.received(oldest.groups.first(), ByteBuffer.wrap(oldest.blob.groups(oldest.groups)));
        oldest.receiver.completed();
        return true;
    }

    private synchronized void ask(Waiting request) {
        log.add(new Asked(request.blob.id(), request.groups));
        waiting.add(request);
        mostGroups = Math.max(
                mostGroups,
                waiting.stream().mapToLong(each -> each.groups.count()).sum());
    }

    private void cancel(Waiting request) {
        synchronized (this) {
            if (!waiting.remove(request)) {
                return;
            }
        }
        request.receiver.failed(new SourceException(SourceException.Reason.CLOSED, "cancelled"));
    }

    @Override
    public SourceInfo.Kind kind() {
        return SourceInfo.Kind.ORIGIN;
    }

    @Override
    public SharedBlob.Subscription attach(SharedBlob blob, Listener listener) {
        listener.joined(new Source(blobs.get(blob.id())));
        return () -> {};
    }

    @Override
    public void ban(SourceInfo source) {
        throw new IllegalStateException("delivers only what is right");
    }

    @Override
    public void close() {}

    /** Equal only to itself. */
    private static final class Waiting {
        final TestBlob blob;
        final GroupRange groups;
        final BlobSource.GroupReceiver receiver;

        Waiting(TestBlob blob, GroupRange groups, BlobSource.GroupReceiver receiver) {
            this.blob = blob;
            this.groups = groups;
            this.receiver = receiver;
        }
    }

    private final class Source implements BlobSource {
        private final TestBlob blob;

        Source(TestBlob blob) {
            this.blob = blob;
        }

        @Override
        public SourceInfo info() {
            return INFO;
        }

        @Override
        public GroupSet available() {
            return GroupSet.all(blob.groups());
        }

        @Override
        public CompletableFuture<ByteBuffer> tree(long offset, int length) {
            return CompletableFuture.completedFuture(
                    ByteBuffer.wrap(Arrays.copyOfRange(blob.outboard(), (int) offset, (int) offset + length)));
        }

        @Override
        public Transfer fetch(GroupRange groups, GroupReceiver receiver) {
            Waiting request = new Waiting(blob, groups, receiver);
            ask(request);
            whenAsked.run();
            return () -> cancel(request);
        }
    }
}
