package io.runnel.engine.plan;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.Seat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the planner knows of one open blob. Belongs to one {@link FetchMachine}. Not thread-safe. */
public final class BlobPlan {
    final List<Holder> holders = new ArrayList<>();
    final long seed;
    private final Tally tally;
    private final long startNanos;
    private List<Demand> demands = List.of();
    private GroupSet held = GroupSet.empty();
    private GroupSet provable = GroupSet.empty();

    /** Delivered, and not known to be the blob's yet; a group twice where a hedge brought it too. */
    private final List<GroupRange> verifying = new ArrayList<>();

    private boolean peersMayCome;
    private boolean peerCame;
    private @Nullable Seat seat;
    private long fromPeerNanos;
    private long lastAsk;

    BlobPlan(long seed, boolean peersMayCome, Tally tally, long nowNanos) {
        this.seed = seed;
        this.tally = tally;
        this.peersMayCome = peersMayCome;
        this.startNanos = nowNanos;
        this.fromPeerNanos = nowNanos;
    }

    /** What the store holds. */
    public void held(GroupSet groups) {
        held = groups;
    }

    /** The groups whose hashes are proven: only these may be asked for. */
    public void provable(GroupSet groups) {
        provable = groups;
    }

    /** What readers want now. */
    public void demands(List<Demand> wanted) {
        demands = List.copyOf(wanted);
    }

    /** Whether peers may join that have not yet. */
    public void peersMayCome(boolean may) {
        peersMayCome = may;
    }

    /** This member's seat among those who serve; null where the tracker gave none. */
    public void seat(@Nullable Seat given) {
        seat = given;
    }

    void join(Holder holder) {
        holders.add(holder);
        peerCame |= holder.isPeer();
    }

    /** Takes out a source that has left. Its requests are over. */
    public void leave(Holder holder) {
        List.copyOf(holder.requests).forEach(this::ended);
        holders.remove(holder);
    }

    /** Asks a source for groups. */
    Request ask(Holder holder, GroupRange groups, AskReason reason, long nowNanos, List<Step> steps) {
        Request request = new Request(holder, groups, reason);
        holder.requests.add(request);
        tally.asks++;
        lastAsk = tally.asks;
        holder.party().asked(groups.count(), nowNanos);
        steps.add(new Step(Step.Kind.ASK, this, request));
        return request;
    }

    /**
     * Groups of a request have arrived; they are not asked of anyone until {@link #settled}.
     *
     * @param end group after the last that arrived, within the request
     */
    public void delivered(Request request, long end, long nowNanos) {
        GroupRange arrived = new GroupRange(request.next(), end);
        verifying.add(arrived);
        request.advance(end);
        request.holder().delivered(arrived.count(), nowNanos);
        request.holder().party().delivered(arrived.count(), nowNanos);
        tally.delivered += arrived.count();
        if (request.holder().isPeer()) {
            fromPeerNanos = nowNanos;
        }
        if (end == request.groups().end()) {
            request.end();
            request.holder().requests.remove(request);
        }
    }

    /**
     * It is known what delivered groups are.
     *
     * @param groups as they arrived
     * @param proven whether any of them was proven to be the blob's; false also where nobody looked
     */
    public void settled(Request request, GroupRange groups, boolean proven) {
        verifying.remove(groups);
        if (proven) {
            request.holder().party().proved();
        }
    }

    /** Nothing more comes of a request: it failed, or was given up. Idempotent. */
    public void ended(Request request) {
        if (!request.over()) {
            request.end();
            request.holder().requests.remove(request);
            request.holder().party().released(request.missing().count());
        }
    }

    /** Requests under way of all sources. */
    List<Request> requests() {
        List<Request> all = new ArrayList<>();
        for (Holder holder : holders) {
            all.addAll(holder.requests);
        }
        return all;
    }

    List<Demand> demands() {
        return demands;
    }

    GroupSet provable() {
        return provable;
    }

    GroupSet held() {
        return held;
    }

    /** Held, or delivered and about to be. */
    GroupSet have() {
        return verifying.isEmpty() ? held : held.union(GroupSet.of(verifying));
    }

    /** Which of all requests of the client the last one for this blob was; 0 before the first. */
    long lastAsk() {
        return lastAsk;
    }

    /** Groups asked for or being verified. */
    long inFlightGroups() {
        long groups = 0;
        for (GroupRange arrived : verifying) {
            groups += arrived.count();
        }
        for (Holder holder : holders) {
            for (Request request : holder.requests) {
                groups += request.missing().count();
            }
        }
        return groups;
    }

    /**
     * Whether it waits only for its turn: nothing of it is under way, and a source that could bring some of what is wanted
     * is busy with other blobs.
     */
    public boolean yields(long nowNanos) {
        if (inFlightGroups() > 0) {
            return false;
        }
        Pass.BlobView view = new Pass.BlobView(this);
        return holders.stream()
                .filter(holder -> holder.usable(nowNanos) && holder.party().outstandingGroups() > 0)
                .anyMatch(holder ->
                        demands.stream().anyMatch(demand -> Pass.couldBring(view, holder, demand.groups()) > 0));
    }

    long startNanos() {
        return startNanos;
    }

    /** How long it has been open. */
    long openNanos(long nowNanos) {
        return nowNanos - startNanos;
    }

    /** How long no peer has delivered anything. */
    long sincePeerNanos(long nowNanos) {
        return nowNanos - fromPeerNanos;
    }

    /** Whether no peer is waited for any more that has not come. */
    public boolean peerWaitOver(long nowNanos, PlanRules rules) {
        return !peersMayCome || nowNanos - startNanos > rules.peerWaitNanos();
    }

    /** Whether peers have had their time to join, or every one that came was caught or asked in vain. */
    public boolean peersHadTime(long nowNanos, PlanRules rules) {
        return peerWaitOver(nowNanos, rules)
                || (peerCame && holders.stream().noneMatch(holder -> holder.credible(nowNanos, rules)));
    }

    /** Whether peers may join that have not yet. */
    public boolean peersMayCome() {
        return peersMayCome;
    }

    @Nullable Seat seat() {
        return seat;
    }

    boolean anyPeer() {
        return holders.stream().anyMatch(Holder::isPeer);
    }

    /** When a group is due for the reader that needs it first; {@link Demand#NEVER} where it has no time. */
    long due(long group) {
        long due = Demand.NEVER;
        for (Demand demand : demands) {
            if (demand.groups().contains(group)) {
                due = Math.min(due, demand.due(group));
            }
        }
        return due;
    }

    boolean wanted(GroupRange groups) {
        for (Demand demand : demands) {
            if (demand.groups().first() < groups.end()
                    && groups.first() < demand.groups().end()) {
                return true;
            }
        }
        return false;
    }
}
