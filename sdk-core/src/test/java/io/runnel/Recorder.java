package io.runnel;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchListener;
import io.runnel.fetch.FetchStats;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceInfo;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes events and breaches of their order. */
final class Recorder implements FetchListener {
    final Map<SourceInfo, GroupSet> verified = new ConcurrentHashMap<>();
    final List<SourceInfo> rejected = new CopyOnWriteArrayList<>();
    final List<BlobId> revoked = new CopyOnWriteArrayList<>();
    final List<SourceInfo> left = new CopyOnWriteArrayList<>();
    final List<String> rudeness = new CopyOnWriteArrayList<>();
    final Map<BlobId, FetchStats> finished = new ConcurrentHashMap<>();
    private final Map<BlobId, Boolean> started = new ConcurrentHashMap<>();
    private final Map<BlobId, Set<SourceInfo>> present = new ConcurrentHashMap<>();

    private void check(BlobId blob, String event) {
        if (!started.containsKey(blob) || finished.containsKey(blob)) {
            rudeness.add(event + " outside a fetch");
        }
    }

    private Set<SourceInfo> present(BlobId blob) {
        return present.computeIfAbsent(blob, opened -> ConcurrentHashMap.newKeySet());
    }

    /** Whether a source has joined and not left. */
    boolean isPresent(BlobId blob, SourceInfo source) {
        return present(blob).contains(source);
    }

    @Override
    public void started(BlobId blob, long plaintextBytes) {
        if (started.put(blob, true) != null) {
            rudeness.add("started twice");
        }
    }

    @Override
    public void sourceJoined(BlobId blob, SourceInfo source) {
        check(blob, "sourceJoined");
        if (!present(blob).add(source)) {
            rudeness.add("joined twice: " + source.id());
        }
    }

    @Override
    public void sourceLeft(BlobId blob, SourceInfo source) {
        check(blob, "sourceLeft");
        left.add(source);
        if (!present(blob).remove(source)) {
            rudeness.add("left without having joined: " + source.id());
        }
    }

    @Override
    public void verified(BlobId blob, GroupRange groups, SourceInfo source) {
        check(blob, "verified");
        verified.merge(source, GroupSet.of(groups), GroupSet::union);
    }

    @Override
    public void rejected(BlobId blob, SourceInfo source, String what) {
        check(blob, "rejected");
        rejected.add(source);
    }

    @Override
    public void revoked(BlobId blob) {
        check(blob, "revoked");
        revoked.add(blob);
    }

    @Override
    public void finished(BlobId blob, FetchStats totals) {
        check(blob, "finished");
        present(blob).forEach(source -> rudeness.add("never left: " + source.id()));
        finished.put(blob, totals);
    }
}
