package io.runnel.engine.plan;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds requests that come too late and gives their groups to somebody faster. A source that is silent has its requests
 * taken back: what it delivered stays. One that is merely slow is hedged: its next groups are asked for a second time, by
 * one hedge at a time and for about one group in a hundred, and what comes second is cancelled.
 */
final class Overtaking {
    /** How much of the time the other may take at most. */
    private static final double FASTER = 0.8;

    /**
     * How much sooner the other has to bring it at least. What a near source is asked for is sent within this, so that to take
     * it back is to have it sent for nothing: of two that are equally fast now this one is ahead and now that one.
     */
    private static final double GAIN_SECONDS = 0.2;

    /** The same for a hedge, which takes nothing back. */
    private static final double HEDGE_GAIN_SECONDS = 0.05;

    /** What should be here within this is likely under way already. */
    private static final double ON_ITS_WAY_SECONDS = 0.25;

    /** How long before the last moment at which the origin can help: until the next plan, and a little. */
    private static final double LAST_MOMENT_SECONDS = 0.2;

    /** At the end of a download, what takes longer than this is overtaken. */
    private static final double LAST_SECONDS = 1;

    private final PlanRules rules;
    private final Tally tally;
    private @Nullable Request hedge;

    Overtaking(PlanRules rules, Tally tally) {
        this.rules = rules;
        this.tally = tally;
    }

    void apply(BlobPlan blob, long now, List<Step> steps) {
        GroupSet have = null;
        for (Holder holder : blob.holders) {
            if (holder.requests.isEmpty()) {
                continue;
            }
            if (holder.party().silent(now, holder.isPeer() ? rules.silenceNanos() : rules.originSilenceNanos())) {
                takeBack(blob, holder, now, steps);
            }
            have = have == null ? blob.have() : have;
            overtakeLate(blob, holder, have, now, steps);
        }
    }

    /**
     * What is far from due may wait for a slow peer, and is overtaken when its time comes near; the rest is free again
     * now, and the source is left alone for a while. The origin is given nothing to wait for: what it owes one reader takes
     * the room of others, and a player that pauses never comes near.
     */
    private void takeBack(BlobPlan blob, Holder holder, long now, List<Step> steps) {
        boolean any = false;
        for (Request request : holder.requests()) {
            long due = blob.due(request.next());
            if (!holder.isPeer() || due == Demand.NEVER || due - now < 2 * rules.urgentNanos()) {
                if (!any) {
                    any = true;
                    // While it still owes something: its silence is what is known of it.
                    holder.party().gaveUp(now);
                }
                blob.ended(request);
                steps.add(new Step(Step.Kind.GIVE_UP, blob, request));
            }
        }
        if (any) {
            holder.party().failed(0, now);
        }
    }

    /** What a slow source would bring too late goes to a faster one. */
    private void overtakeLate(BlobPlan blob, Holder holder, GroupSet have, long now, List<Step> steps) {
        long before = 0;
        for (Request request : holder.requests()) {
            long first = have.nextAbsent(request.next());
            long missing = request.missing().count();
            if (first < request.groups().end()) {
                long piece = Math.min(missing, PlanRules.PIECE_GROUPS);
                long due = blob.due(first);
                double seconds = holder.party().owedSeconds(before, piece, now);
                boolean late = due == Demand.NEVER
                        ? seconds > LAST_SECONDS && nothingLeft(blob, have)
                        : late(due, seconds, now);
                boolean waits = missing <= PlanRules.PIECE_GROUPS
                        && seconds < ON_ITS_WAY_SECONDS
                        && !holder.party().overdue(piece, now)
                        && due - now > rules.safetyNanos();
                double gain = Math.max((1 - FASTER) * seconds, waits ? HEDGE_GAIN_SECONDS : GAIN_SECONDS);
                Owed owed = new Owed(holder.party(), piece, seconds, gain);
                Holder faster = late ? faster(blob, first, owed, now) : null;
                if (faster != null && !waits) {
                    holder.party().gaveUp(now);
                    blob.ended(request);
                    steps.add(new Step(Step.Kind.CANCEL, blob, request));
                    missing = 0;
                } else if (faster != null) {
                    hedge(blob, request, faster, first, now, steps);
                }
            }
            before += missing;
        }
    }

    /** Whether all that is wanted is there or asked for: then a download ends when the slowest of those asked is done. */
    private static boolean nothingLeft(BlobPlan blob, GroupSet have) {
        GroupSet taken = have;
        for (Request request : blob.requests()) {
            taken = taken.plus(request.missing());
        }
        for (Demand demand : blob.demands()) {
            if (taken.nextAbsent(demand.groups().first()) < demand.groups().end()) {
                return false;
            }
        }
        return true;
    }

    private boolean late(long due, double arrivalSeconds, long now) {
        return due != Demand.NEVER
                && due - now < rules.urgentNanos()
                && now + (long) (arrivalSeconds * 1e9) > due - rules.safetyNanos();
    }

    /** What is missing is likely on its way: it is asked for a second time, not taken back. */
    private void hedge(BlobPlan blob, Request slow, Holder faster, long first, long now, List<Step> steps) {
        if ((hedge != null && !hedge.over()) || !tally.mayHedge()) {
            return;
        }
        long end = Math.min(slow.groups().end(), faster.available().runEnd(first));
        GroupRange groups = new GroupRange(first, end);
        hedge = blob.ask(faster, groups, AskReason.HEDGE, now, steps);
        tally.hedged += groups.count();
    }

    private @Nullable Holder faster(BlobPlan blob, long group, Owed owed, long now) {
        Holder best = null;
        double bestSeconds = Double.MAX_VALUE;
        double limit = owed.seconds() - owed.gain();
        long left = blob.due(group) - now;
        for (Holder holder : blob.holders) {
            Party party = holder.party();
            boolean able = party != owed.by()
                    && (party.trusted() || party.isOrigin())
                    && holder.usable(now)
                    && party.takes(owed.piece())
                    && holder.available().contains(group);
            double seconds = able ? party.arrivalSeconds(owed.piece(), now) : Double.MAX_VALUE;
            boolean sooner = seconds < limit && (party.isOrigin() || mayPassOn(owed, left, seconds, now));
            boolean helps = sooner || (party.isOrigin() && lastChance(owed, left, seconds, now));
            if (seconds < bestSeconds && helps) {
                best = holder;
                bestSeconds = seconds;
            }
        }
        return best;
    }

    /**
     * Whether what a peer owes may go to another that is sooner. What is passed on from one late peer to the next is sent
     * twice and late all the same: so the other has to be in time, unless the time is over and the reader waits.
     */
    private boolean mayPassOn(Owed owed, long left, double seconds, long now) {
        return owed.by().isOrigin()
                || seconds < (left - rules.safetyNanos()) / 1e9
                || (left < 0 && owed.by().overdue(owed.piece(), now));
    }

    /**
     * Whether the origin can still bring in time what a peer owes, and nobody could be asked after that peer: because the
     * origin could not a moment later, or because the peer is overdue already. What is expected of the peer is a guess,
     * and counts less than the time that is left. Where that moment is over, because the last plan was long ago or the
     * origin was busy then, the reader waits already, and the origin is asked once it is expected before an overdue peer.
     */
    private boolean lastChance(Owed owed, long left, double originSeconds, long now) {
        if (owed.by().isOrigin()) {
            return false;
        }
        double spareSeconds = left / 1e9 - originSeconds;
        boolean overdue = owed.by().overdue(owed.piece(), now);
        if (spareSeconds < 0) {
            return overdue && originSeconds < owed.seconds();
        }
        return lastMoment(spareSeconds) || (left < rules.safetyNanos() && overdue);
    }

    /** Whether the origin, which would be early by so much, can bring something in time now and perhaps not at the next plan. */
    static boolean lastMoment(double spareSeconds) {
        return spareSeconds >= 0 && spareSeconds < LAST_MOMENT_SECONDS;
    }

    /**
     * What a slow source owes.
     *
     * @param piece groups of it that come next
     * @param seconds until they should be here
     * @param gain how many seconds sooner another has to bring them
     */
    private record Owed(Party by, long piece, double seconds, double gain) {}
}
