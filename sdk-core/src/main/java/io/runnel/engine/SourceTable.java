package io.runnel.engine;

import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sources of one blob, those that were banned, and why the origin last failed. Owned by the engine loop. */
final class SourceTable {
    private record Entry(SourceState state, SourceProvider provider) {}

    private final Map<BlobSource, Entry> sources = new LinkedHashMap<>();
    private final Set<SourceInfo> banned = new HashSet<>();
    private @Nullable SourceException originFailure;

    /** Takes a source in; null where it was banned before. */
    @Nullable SourceState join(BlobSource source, SourceProvider provider) {
        if (banned.contains(source.info())) {
            provider.ban(source.info());
            return null;
        }
        SourceState state = new SourceState(source);
        sources.put(source, new Entry(state, provider));
        return state;
    }

    /** Takes a source out; null where it was not here. */
    @Nullable SourceState leave(BlobSource source) {
        Entry entry = sources.remove(source);
        if (entry == null) {
            return null;
        }
        entry.state().gone = true;
        return entry.state();
    }

    List<SourceState> all() {
        return sources.values().stream().map(Entry::state).toList();
    }

    List<SourceState> usable(long nowNanos) {
        List<SourceState> usable = new ArrayList<>();
        for (Entry entry : sources.values()) {
            if (entry.state().usable(nowNanos)) {
                usable.add(entry.state());
            }
        }
        return usable;
    }

    /** Never asks this source again, and tells its provider. */
    void ban(SourceState state) {
        banned.add(state.info());
        Entry entry = sources.get(state.source);
        if (entry != null) {
            entry.provider().ban(state.info());
        }
    }

    boolean anyBanned() {
        return !banned.isEmpty();
    }

    void originFailed(SourceException failure) {
        originFailure = failure;
    }

    void originDelivered() {
        originFailure = null;
    }

    /** Why the origin failed last, null where it did not, or delivered since. */
    @Nullable SourceException originFailure() {
        return originFailure;
    }

    /**
     * Whether nobody here can help now or soon: the origin has refused or lied for good, and there is no peer. Without an
     * origin nobody has given the last word, so that peers may still come.
     */
    boolean hopeless() {
        boolean originSpoke = false;
        for (Entry entry : sources.values()) {
            SourceState state = entry.state();
            if (!state.banned() && !(state.isOrigin() && originRefused())) {
                return false;
            }
            originSpoke |= state.isOrigin();
        }
        return originSpoke;
    }

    /** A new read begins: where nobody but an origin that refused is here, the origin is asked again, and at once. */
    void retryOrigin() {
        if (originRefused() && hopeless()) {
            originFailure = null;
            all().stream().filter(SourceState::isOrigin).forEach(SourceState::forgive);
        }
    }

    private boolean originRefused() {
        return originFailure != null
                && (originFailure.reason() == SourceException.Reason.NOT_FOUND
                        || originFailure.reason() == SourceException.Reason.DENIED);
    }

    /** Who should be asked for the hash tree of these groups: the peer with the least to do, else the origin. */
    @Nullable SourceState forTree(GroupRange window, boolean originAllowed, long nowNanos) {
        SourceState best = null;
        for (SourceState state : usable(nowNanos)) {
            boolean fits = state.isOrigin() ? originAllowed : holdsSome(state, window);
            if (fits && (best == null || better(state, best))) {
                best = state;
            }
        }
        return best;
    }

    private static boolean holdsSome(SourceState state, GroupRange window) {
        long present = state.source.available().nextPresent(window.first());
        return present >= 0 && present < window.end();
    }

    private static boolean better(SourceState a, SourceState b) {
        if (a.isOrigin() != b.isOrigin()) {
            return b.isOrigin();
        }
        return a.outstandingGroups / a.groupsPerSecond() < b.outstandingGroups / b.groupsPerSecond();
    }
}
