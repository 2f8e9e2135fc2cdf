package io.runnel.engine;

import io.runnel.engine.plan.Holder;
import io.runnel.engine.plan.Request;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A source of one blob: the port, what the planner knows of it, and the transfers under way. Owned by the engine loop. */
final class SourceState {
    private static final Duration LONGEST_PENALTY = Duration.ofDays(1);

    final GuardedSource source;
    final SourceProvider provider;
    final Holder holder;

    /** Why it failed last; null where it did not, or delivered since. */
    @Nullable SourceException failure;

    private final Map<Request, ActiveTransfer> active = new LinkedHashMap<>();

    SourceState(GuardedSource source, SourceProvider provider, Holder holder) {
        this.source = source;
        this.provider = provider;
        this.holder = holder;
    }

    SourceInfo info() {
        return source.info();
    }

    boolean isOrigin() {
        return info().kind() == SourceInfo.Kind.ORIGIN;
    }

    boolean banned() {
        return holder.banned();
    }

    boolean usable(long nowNanos) {
        return holder.usable(nowNanos);
    }

    /** Leave it alone for a while, or as long as it asks for, up to a day. */
    void penalise(SourceException failure, long nowNanos) {
        Duration asked = failure.retryAfter();
        Duration penalty = asked.compareTo(LONGEST_PENALTY) > 0 ? LONGEST_PENALTY : asked;
        holder.party().failed(penalty.toNanos(), nowNanos);
    }

    void started(ActiveTransfer transfer) {
        active.put(transfer.request, transfer);
    }

    void ended(ActiveTransfer transfer) {
        active.remove(transfer.request, transfer);
    }

    @Nullable ActiveTransfer of(Request request) {
        return active.get(request);
    }

    List<ActiveTransfer> active() {
        return List.copyOf(active.values());
    }
}
