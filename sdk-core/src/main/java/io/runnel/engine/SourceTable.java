package io.runnel.engine;

import io.runnel.engine.plan.BlobPlan;
import io.runnel.engine.plan.Holder;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sources of one blob, those that were banned, and whether any gives hope. Owned by the engine loop. */
final class SourceTable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceTable.class);

    private final Planning planning;
    private final BlobPlan plan;
    private final Map<BlobSource, SourceState> sources = new LinkedHashMap<>();
    private final Set<SourceInfo> banned = new HashSet<>();

    SourceTable(Planning planning, BlobPlan plan) {
        this.planning = planning;
        this.plan = plan;
    }

    /** Takes a source in; null where it was banned before, or does not say who it is or what it holds. */
    @Nullable SourceState join(BlobSource joining, SourceProvider provider) {
        GuardedSource source = GuardedSource.of(joining);
        GroupSet available = source == null ? null : source.available();
        if (source == null || available == null) {
            return null;
        }
        Holder holder = planning.machine().join(plan, source.info(), available);
        if (holder.banned() || banned.contains(source.info())) {
            plan.leave(holder);
            ban(provider, source.info());
            return null;
        }
        SourceState state = new SourceState(source, provider, holder);
        sources.put(joining, state);
        return state;
    }

    /** Takes a source out; null where it was not here. */
    @Nullable SourceState leave(BlobSource source) {
        SourceState state = sources.remove(source);
        if (state != null) {
            plan.leave(state.holder);
        }
        return state;
    }

    /** What a source says it holds has changed; false where it does not say what it is now. */
    boolean availabilityChanged(BlobSource source) {
        SourceState state = sources.get(source);
        if (state == null) {
            return true;
        }
        GroupSet available = state.source.available();
        if (available != null) {
            state.holder.available(available);
        }
        return available != null;
    }

    List<SourceState> all() {
        return List.copyOf(sources.values());
    }

    /** The source a request was made to; null where it has left. */
    @Nullable SourceState of(Holder holder) {
        for (SourceState state : sources.values()) {
            if (state.holder == holder) {
                return state;
            }
        }
        return null;
    }

    /** Never asks this source again, and tells its provider. */
    void ban(SourceState state) {
        banned.add(state.info());
        ban(state.provider, state.info());
    }

    private static void ban(SourceProvider provider, SourceInfo source) {
        try {
            provider.ban(source);
        } catch (Throwable broken) {
            // Of any kind: the provider may be an app's own.
            LOG.warn("a provider of sources cannot ban {}, which is asked no more all the same", source.id(), broken);
        }
    }

    boolean anyBanned() {
        return !banned.isEmpty();
    }

    boolean originBanned() {
        return banned.stream().anyMatch(info -> info.kind() == SourceInfo.Kind.ORIGIN);
    }

    /**
     * Why no origin delivers; null where there is none, or one of them has not failed, or delivered since. That one of
     * several refuses is the reason only where all do.
     */
    @Nullable SourceException originFailure(long nowNanos) {
        SourceException why = null;
        for (SourceState state : sources.values()) {
            if (state.isOrigin()) {
                SourceException failure = failure(state, nowNanos);
                if (failure == null) {
                    return null;
                }
                why = why == null || refusal(why) ? failure : why;
            }
        }
        return why;
    }

    /** Why a source failed here; or that it asked to be left alone, maybe when it was asked for another blob. */
    private static @Nullable SourceException failure(SourceState state, long nowNanos) {
        long alone = state.holder.party().toldNanos(nowNanos);
        if (state.failure != null || alone == 0) {
            return state.failure;
        }
        Duration wait = Duration.ofNanos(alone);
        String what = state.info().id() + " asked to be left alone, for another " + (wait.toSeconds() + 1) + " s";
        return new SourceException(SourceException.Reason.BUSY, what, wait);
    }

    /**
     * Whether nobody here can help now or soon: each origin has refused or lied for good, or wants to be left alone for
     * longer than anybody waits while no peer may come, and there is no peer. Without an origin nobody has given the last
     * word, so that peers may still come.
     */
    boolean hopeless(Duration patience, long nowNanos) {
        boolean originSpoke = false;
        for (SourceState state : sources.values()) {
            boolean busy = !plan.peersMayCome() && state.holder.party().toldNanos(nowNanos) > patience.toNanos();
            if (!state.banned() && !(state.isOrigin() && (busy || refusal(state.failure)))) {
                return false;
            }
            originSpoke |= state.isOrigin();
        }
        return originSpoke;
    }

    /** A new read begins: where nobody but an origin that refused is here, the origin is asked again, and at once. */
    void retryOrigin(Duration patience, long nowNanos) {
        if (!hopeless(patience, nowNanos)) {
            return;
        }
        for (SourceState state : sources.values()) {
            if (state.isOrigin() && refusal(state.failure)) {
                state.failure = null;
                state.holder.party().forgive();
            }
        }
    }

    private static boolean refusal(@Nullable SourceException failure) {
        return failure != null
                && (failure.reason() == SourceException.Reason.NOT_FOUND
                        || failure.reason() == SourceException.Reason.DENIED);
    }

    /**
     * Who should be asked for the hash tree of these groups: the soonest of the reliable peers, else the origin, else the
     * soonest of the other peers; null where nobody can be.
     *
     * @param asked who is not to be asked
     */
    @Nullable SourceState forTree(GroupRange window, boolean originAllowed, Set<SourceState> asked, long nowNanos) {
        SourceState best = null;
        for (SourceState state : sources.values()) {
            boolean fits = state.usable(nowNanos) && (state.isOrigin() ? originAllowed : holdsSome(state, window));
            if (fits && !asked.contains(state) && (best == null || better(state, best, nowNanos))) {
                best = state;
            }
        }
        return best;
    }

    private static boolean holdsSome(SourceState state, GroupRange window) {
        long present = state.holder.available().nextPresent(window.first());
        return present >= 0 && present < window.end();
    }

    private boolean better(SourceState a, SourceState b, long nowNanos) {
        int ranks = Integer.compare(rank(a, nowNanos), rank(b, nowNanos));
        if (ranks != 0) {
            return ranks < 0;
        }
        return a.holder.party().arrivalSeconds(1, nowNanos) < b.holder.party().arrivalSeconds(1, nowNanos);
    }

    private int rank(SourceState state, long nowNanos) {
        if (state.isOrigin()) {
            return 1;
        }
        return state.holder.reliable(nowNanos, planning.rules()) ? 0 : 2;
    }
}
