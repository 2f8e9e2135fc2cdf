package io.runnel.engine.plan;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Plans the fetches of one client: all its open blobs share its sources and one budget. Inputs change the state, and
 * {@link #plan} says what follows from it. Not thread-safe.
 */
public final class FetchMachine {
    private final PlanRules rules;
    private final long self;
    private final long budgetGroups;
    private final Parties parties = new Parties();
    private final List<BlobPlan> blobs = new ArrayList<>();
    private final Tally tally = new Tally();
    private final Overtaking overtaking;
    private final GivingWay givingWay;

    /**
     * A machine without blobs.
     *
     * @param self a number unlike that of other members: it decides between choices that are equally good, so that
     *     members choose differently
     * @param budgetGroups the most that is asked for or being verified at a time
     */
    public FetchMachine(PlanRules rules, long self, long budgetGroups) {
        this.rules = rules;
        this.self = self;
        this.budgetGroups = budgetGroups;
        this.overtaking = new Overtaking(rules, tally);
        this.givingWay = new GivingWay(rules);
    }

    /**
     * A blob was opened.
     *
     * @param seed a number that all members derive from the blob alike
     * @param peersMayCome whether there is a swarm to join
     */
    public BlobPlan open(long seed, boolean peersMayCome, long nowNanos) {
        BlobPlan blob = new BlobPlan(seed, peersMayCome, tally, nowNanos);
        blobs.add(blob);
        return blob;
    }

    /** A blob was closed; its requests are over. */
    public void close(BlobPlan blob) {
        List.copyOf(blob.holders).forEach(blob::leave);
        blobs.remove(blob);
    }

    /** A source of a blob has joined. */
    public Holder join(BlobPlan blob, SourceInfo info, GroupSet available) {
        Holder holder = new Holder(parties.meet(info, this::inUse), available, blob.startNanos());
        blob.join(holder);
        return holder;
    }

    private boolean inUse(Party party) {
        return blobs.stream().anyMatch(blob -> blob.holders.stream().anyMatch(holder -> holder.party() == party));
    }

    /** Groups asked for or being verified, over all blobs. */
    public long inFlightGroups() {
        return blobs.stream().mapToLong(BlobPlan::inFlightGroups).sum();
    }

    /** This side did not run in this time, and heard of nobody: the silence of sources then does not count. */
    public void paused(long fromNanos, long nowNanos) {
        parties.unheard(fromNanos, nowNanos);
    }

    /** What to do now, in order. */
    public List<Step> plan(long nowNanos) {
        List<Step> steps = new ArrayList<>();
        for (BlobPlan blob : blobs) {
            takeBackUnwanted(blob, steps);
        }
        for (BlobPlan blob : blobs) {
            overtaking.apply(blob, nowNanos, steps);
        }
        givingWay.apply(blobs, nowNanos, steps);
        long budget = budgetGroups - inFlightGroups();
        Assigner.assign(new Pass(rules, nowNanos, budget, steps), blobs, self);
        return steps;
    }

    /** Nobody wants these any more, or all that is missing came from elsewhere and is proven. */
    private static void takeBackUnwanted(BlobPlan blob, List<Step> steps) {
        GroupSet held = blob.held();
        for (Holder holder : blob.holders) {
            for (Request request : holder.requests()) {
                GroupRange missing = request.missing();
                if (!blob.wanted(missing) || held.containsAll(missing)) {
                    blob.ended(request);
                    steps.add(new Step(Step.Kind.CANCEL, blob, request));
                }
            }
        }
    }
}
