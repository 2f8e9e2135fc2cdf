package io.runnel.sim;

import io.runnel.engine.plan.BlobPlan;
import io.runnel.engine.plan.FetchMachine;
import io.runnel.engine.plan.Holder;
import io.runnel.engine.plan.Request;
import io.runnel.engine.plan.Step;
import io.runnel.fetch.OriginUse;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.Seat;
import io.runnel.source.SourceInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** A viewer: the planner, a store, a player, and the connections. */
final class SimPeer {
    private static final long RETRANSMISSION_MILLIS = 200;
    private static final long TICK_MILLIS = 200;
    private static final long PLAN_MILLIS = 100;
    private static final long CHECK_MILLIS = 500;
    private static final long BUDGET_GROUPS = 1024;
    private static final long HEDGE_GROUPS = 8;
    private static final long MOST_FORGOTTEN_MILLIS = 2_000;

    private final Simulation sim;
    private final Shard shard;
    private final int id;
    private final Traits traits;
    private final SplittableRandom random;
    private final SourceInfo info;
    private final Player player;
    private final Measured measured = new Measured();
    private final Uplink uplink;
    private final OriginPipe origin;
    private final FetchMachine machine;
    private final BlobPlan blob;
    private final Map<SimPeer, SimLink> links = new LinkedHashMap<>();
    private final Map<Holder, SimLink> holders = new HashMap<>();
    private final Set<SimPeer> banned = new HashSet<>();
    private final Holder originHolder;
    private GroupSet held = GroupSet.empty();
    private long rightGroups;
    private long waitingSinceMillis = -1;
    private boolean heldTold = true;
    private double downlinkFreeMillis;
    private boolean planDue;
    private long plannedMillis = -TICK_MILLIS;
    private boolean gone;
    private long traceHash;

    /** What is given to a viewer when it comes. */
    record Traits(
            Manner manner, double uplinkBytesPerMilli, double downlinkBytesPerMilli, int region, boolean serves) {}

    SimPeer(Simulation sim, Shard shard, int id, Traits traits) {
        this.sim = sim;
        this.shard = shard;
        this.random = new SplittableRandom(sim.scenario().seed() + id * 0x9E3779B97F4A7C15L);
        this.id = id;
        this.traits = traits;
        this.info = new SourceInfo("peer:" + id, SourceInfo.Kind.PEER);
        long now = events().nowMillis();
        this.player = new Player(sim.scenario(), now);
        this.uplink = new Uplink(events(), traits.uplinkBytesPerMilli());
        this.origin = new OriginPipe(this, traits.downlinkBytesPerMilli());
        this.machine = new FetchMachine(sim.rules(), id, BUDGET_GROUPS);
        this.blob = machine.open(sim.scenario().seed(), sim.scenario().withPeers(), now * 1_000_000);
        this.originHolder = machine.join(blob, new SourceInfo("origin:sim", SourceInfo.Kind.ORIGIN), GroupSet.empty());
        blob.provable(GroupSet.all(sim.scenario().streamGroups()));
    }

    void start() {
        if (plays()) {
            tick();
            check();
        }
    }

    Shard shard() {
        return shard;
    }

    EventQueue events() {
        return shard.events();
    }

    SplittableRandom random() {
        return random;
    }

    /** How much later a message comes: it may be lost once. */
    long retransmissionMillis() {
        double share = sim.scenario().lossShare();
        return share > 0 && random.nextDouble() < share ? RETRANSMISSION_MILLIS : 0;
    }

    long traceHash() {
        return traceHash;
    }

    Manner manner() {
        return traits.manner();
    }

    /** Whether it is a viewer; a hostile one fetches nothing. */
    boolean plays() {
        return traits.manner() == Manner.HONEST;
    }

    boolean serves() {
        return traits.serves();
    }

    /** Whether it offers to bring ranges into the swarm: who can pass them on twice while they play. */
    boolean takesSeat() {
        double stream = sim.scenario().streamGroupsPerSecond() * Scenario.GROUP_BYTES / 1000;
        return traits.serves() && traits.uplinkBytesPerMilli() >= 2 * stream;
    }

    int region() {
        return traits.region();
    }

    Uplink uplink() {
        return uplink;
    }

    Player player() {
        return player;
    }

    Measured measured() {
        return measured;
    }

    GroupSet held() {
        return held;
    }

    boolean gone() {
        return gone;
    }

    /** What it tells others that it holds. */
    GroupSet claimed() {
        return plays() ? held : GroupSet.all(sim.scenario().streamGroups());
    }

    long blobBytes() {
        return sim.scenario().streamGroups() * Scenario.GROUP_BYTES;
    }

    int bytesOf(GroupRange groups) {
        return (int) groups.count() * Scenario.GROUP_BYTES;
    }

    /** Books a message on the downlink; returns when it is all there. */
    long downlinkTakes(long fromMillis, int bytes) {
        downlinkFreeMillis = Math.max(downlinkFreeMillis, (double) fromMillis) + bytes / traits.downlinkBytesPerMilli();
        return (long) Math.ceil(downlinkFreeMillis);
    }

    // Connections.

    int connections() {
        return links.size();
    }

    boolean wouldMeet(SimPeer other) {
        return !gone && !other.gone && other != this && !links.containsKey(other) && !banned.contains(other);
    }

    /** This end of a new connection, not open yet. */
    SimLink meet(SimPeer other) {
        SimLink link = new SimLink(this, other, sim.swarm());
        links.put(other, link);
        return link;
    }

    void closed(SimLink link) {
        links.remove(link.other(), link);
        // The other end hears of it, sooner where this one could still say goodbye.
        long heard = events().nowMillis() + (gone ? 1_000 : 50);
        SimPeer other = link.other();
        shard.send(other.shard, () -> other.events().at(heard, () -> other.lost(this)));
    }

    /** The other end is gone. */
    void lost(SimPeer other) {
        SimLink link = links.get(other);
        if (link != null) {
            link.lost();
        }
    }

    /** Leaves without a word. */
    void vanish() {
        gone = true;
        for (SimLink link : List.copyOf(links.values())) {
            link.lost();
        }
        machine.close(blob);
        sim.check(machine.inFlightGroups() == 0, "every request of who left is over");
    }

    void seated(Seat seat) {
        blob.seat(seat);
    }

    // Sources.

    Holder joined(SimLink link, GroupSet available) {
        Holder holder = machine.join(blob, link.other().info, available);
        holders.put(holder, link);
        replan();
        return holder;
    }

    void left(Holder holder) {
        List<Request> under = holder.requests();
        blob.leave(holder);
        holders.remove(holder);
        sim.check(under.stream().allMatch(Request::over), "every request to who left is over");
        replan();
    }

    void misbehaved(SimLink link) {
        banned.add(link.other());
    }

    void delivered(Request request, long firstGroup, int bytes, boolean lie) {
        GroupRange groups = SimLink.range(firstGroup, bytes);
        boolean fromPeer = request.holder() != originHolder;
        if (request.over() || gone) {
            return;
        }
        long fresh = groups.count() - overlap(groups);
        blob.delivered(request, groups.end(), events().nowNanos());
        blob.settled(request, groups, !lie);
        trace(groups.first(), fromPeer ? 1 : 2);
        if (lie) {
            measured.lie();
            request.holder().lied();
            SimLink liar = holders.get(request.holder());
            if (liar != null) {
                sim.check(!banned.contains(liar.other()), "a liar costs one piece");
                banned.add(liar.other());
                liar.leave();
            }
        } else {
            held = held.plus(groups);
            rightGroups += fresh;
            blob.held(held);
            measured.delivered(fresh, fromPeer, use(request));
            if (!fromPeer) {
                measured.wasted(groups.count() - fresh);
            }
            heldTold = false;
            if (player.startupMillis() < 0) {
                player.advance(held, events().nowMillis());
            }
        }
        replan();
    }

    /** As the SDK's statistics count it. */
    private OriginUse use(Request request) {
        OriginUse use = request.reason().originUse();
        return use == OriginUse.URGENT && player.startupMillis() < 0 ? OriginUse.STARTUP : use;
    }

    private void trace(long group, int what) {
        traceHash = (traceHash ^ events().nowMillis()) * 1099511628211L;
        traceHash = (traceHash ^ (group << 2 | what)) * 1099511628211L;
        traceHash ^= traceHash >>> 29;
    }

    private long overlap(GroupRange groups) {
        long have = 0;
        for (long group = groups.first(); group < groups.end(); group++) {
            have += held.contains(group) ? 1 : 0;
        }
        return have;
    }

    void failed(Request request, long retryAfterMillis) {
        blob.ended(request);
        request.holder().party().failed(retryAfterMillis * 1_000_000, events().nowNanos());
        replan();
    }

    // Plans.

    private void tick() {
        if (gone) {
            return;
        }
        events().after(TICK_MILLIS, this::tick);
        tellHeld();
        long now = events().nowMillis();
        player.advance(held, now);
        originHolder.available(GroupSet.all(sim.scenario().publishedGroups(now)));
        if (!planDue || now - plannedMillis >= PLAN_MILLIS) {
            plan();
        }
    }

    private void check() {
        if (!gone) {
            events().after(CHECK_MILLIS, this::check);
            sim.check(machine.inFlightGroups() <= BUDGET_GROUPS + HEDGE_GROUPS, "budget kept");
            checkNotForgotten(events().nowMillis());
        }
    }

    /** What the player needs next is never left lying: somebody is asked for it. */
    private void checkNotForgotten(long now) {
        long next = held.nextAbsent(player.position());
        boolean near = next - player.position() < sim.scenario().streamGroupsPerSecond();
        if (!near || next >= sim.scenario().publishedGroups(now) || player.ended() || underWay(next)) {
            waitingSinceMillis = -1;
        } else if (waitingSinceMillis < 0) {
            waitingSinceMillis = now;
        } else {
            sim.check(now - waitingSinceMillis <= MOST_FORGOTTEN_MILLIS, "what is due is asked for, peer " + id);
        }
    }

    private boolean underWay(long group) {
        return asked(originHolder, group) || holders.keySet().stream().anyMatch(holder -> asked(holder, group));
    }

    private static boolean asked(Holder holder, long group) {
        return holder.requests().stream().anyMatch(request -> request.missing().contains(group));
    }

    /** What is held was delivered and right, each group once. */
    void checkAtEnd() {
        sim.check(held.count() == rightGroups, "nothing held but what was proven");
    }

    void replan() {
        if (!planDue && !gone && plays()) {
            planDue = true;
            events().after(PLAN_MILLIS, () -> {
                if (planDue && !gone) {
                    plan();
                }
            });
        }
    }

    private void plan() {
        planDue = false;
        long now = events().nowMillis();
        plannedMillis = now;
        player.advance(held, now);
        blob.demands(player.demands(now));
        for (Step step : machine.plan(now * 1_000_000)) {
            carryOut(step);
        }
    }

    private void carryOut(Step step) {
        Request request = step.request();
        SimLink link = holders.get(request.holder());
        boolean ask = step.kind() == Step.Kind.ASK;
        if (request.holder() == originHolder) {
            if (ask) {
                origin.ask(request);
            }
        } else if (link != null) {
            if (ask) {
                link.ask(request);
            } else {
                link.cancel(request);
            }
        }
    }

    /** Half as often as the exchange tells a peer at most. */
    private void tellHeld() {
        if (!heldTold) {
            heldTold = true;
            for (SimLink link : new ArrayList<>(links.values())) {
                link.heldChanged(held);
            }
        }
    }
}
