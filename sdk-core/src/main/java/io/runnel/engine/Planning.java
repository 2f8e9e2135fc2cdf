package io.runnel.engine;

import io.runnel.engine.plan.BlobPlan;
import io.runnel.engine.plan.FetchMachine;
import io.runnel.engine.plan.PlanRules;
import io.runnel.engine.plan.Room;
import io.runnel.engine.plan.Step;
import io.runnel.fetch.FetchSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Runs the planner of one client: after a change it makes one new plan over all open blobs and hands each its steps.
 * Owned by the engine loop.
 */
final class Planning {
    private static final int GROUP_BYTES = 1 << 14;

    /** While a blob is open there is a plan at least every 100 ms: without one for longer than this, the loop did not run. */
    private static final long PAUSE_NANOS = 300_000_000L;

    /** A blob whose fetch is planned. */
    interface Planned {
        /** How far its readers look. */
        List<Reach> reaches();

        /** Tells the planner how things are now. */
        void describe(long nowNanos);

        /** The client did not run in this time: who waits has not waited in vain then. */
        void paused(long fromNanos, long nowNanos);

        /** Does what was planned; the planner's state says so already. */
        void carryOut(Step step);
    }

    private final EngineLoop loop;
    private final PlanRules rules;
    private final FetchMachine machine;
    private final long roomPages;
    private final Map<BlobPlan, Planned> planned = new LinkedHashMap<>();
    private boolean due;
    private long progressNanos = System.nanoTime();

    /** When the loop was last seen to run. */
    private long ranNanos;

    /**
     * A plan of nothing.
     *
     * @param roomBytes what the store keeps for all readers together
     */
    Planning(EngineLoop loop, FetchSettings settings, long roomBytes) {
        this.loop = loop;
        this.roomPages = roomBytes / (Reach.PAGE_GROUPS * GROUP_BYTES);
        this.rules = PlanRules.defaults().withPeerWait(settings.peerWait()).withStallTimeout(settings.stallTimeout());
        this.machine =
                new FetchMachine(rules, ThreadLocalRandom.current().nextLong(), settings.inFlightBytes() / GROUP_BYTES);
    }

    PlanRules rules() {
        return rules;
    }

    FetchMachine machine() {
        return machine;
    }

    void add(BlobPlan plan, Planned blob) {
        if (planned.isEmpty()) {
            ranNanos = System.nanoTime();
        }
        planned.put(plan, blob);
    }

    void remove(BlobPlan plan) {
        planned.remove(plan);
        machine.close(plan);
    }

    /** Something of a blob was stored. */
    void progressed(long nowNanos) {
        progressNanos = nowNanos;
    }

    /** When something of any blob was stored last. */
    long progressNanos() {
        return progressNanos;
    }

    /**
     * The loop runs. Where it did not for long, because the machine is overloaded, or the process was stopped and goes on,
     * what was sent meanwhile is still on its way through other threads: nobody is taken for silent because of that.
     */
    void runs(long nowNanos) {
        long from = ranNanos + PAUSE_NANOS;
        ranNanos = nowNanos;
        if (nowNanos - from > 0) {
            progressNanos += Math.min(nowNanos - from, nowNanos - progressNanos);
            machine.paused(from, nowNanos);
            planned.values().forEach(blob -> blob.paused(from, nowNanos));
        }
    }

    /** Makes a new plan soon, once for all changes that are queued now. */
    void replan() {
        if (!due) {
            due = true;
            loop.execute(this::plan);
        }
    }

    private void shareRoom(long now) {
        List<Reach> reaches = planned.values().stream()
                .flatMap(blob -> blob.reaches().stream())
                .toList();
        List<Room.Share> shares =
                Room.share(reaches.stream().map(reach -> reach.claim(now)).toList(), roomPages);
        for (int i = 0; i < shares.size(); i++) {
            Reach reach = reaches.get(i);
            Room.Share share = shares.get(i);
            EngineLoop.guarded(() -> reach.grant(share));
        }
    }

    private void plan() {
        due = false;
        long now = System.nanoTime();
        runs(now);
        shareRoom(now);
        // One blob's failure must not cost the others their plan.
        List.copyOf(planned.values()).forEach(blob -> EngineLoop.guarded(() -> blob.describe(now)));
        for (Step step : machine.plan(now)) {
            Planned blob = planned.get(step.blob());
            if (blob != null) {
                EngineLoop.guarded(() -> blob.carryOut(step));
            }
        }
    }
}
