package io.runnel.engine.plan;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceInfo;
import java.util.ArrayList;
import java.util.List;

/** One client's planner with virtual time, and what tests do to it. */
final class Client {
    static final long MILLI = 1_000_000;
    static final double PACE = 30;

    final FetchMachine machine;
    final List<Step> last = new ArrayList<>();
    long now;

    Client() {
        this(1024);
    }

    Client(long budgetGroups) {
        machine = new FetchMachine(PlanRules.defaults(), 1, budgetGroups);
    }

    /** A blob of a thousand groups whose hashes are known. */
    BlobPlan open(boolean peersMayCome) {
        BlobPlan blob = machine.open(99, peersMayCome, now);
        blob.provable(GroupSet.all(1000));
        return blob;
    }

    Holder peer(BlobPlan blob, String name, GroupSet available) {
        return machine.join(blob, new SourceInfo("peer:" + name, SourceInfo.Kind.PEER), available);
    }

    Holder origin(BlobPlan blob) {
        return machine.join(blob, new SourceInfo("origin:o", SourceInfo.Kind.ORIGIN), GroupSet.all(1000));
    }

    /** Has it deliver 64 groups of a blob of their own, so that its rate and latency are known. */
    void measure(SourceInfo info, long latencyMillis, double groupsPerSecond) {
        BlobPlan other = open(true);
        Holder holder = machine.join(other, info, GroupSet.all(1000));
        long end = now;
        for (int i = 0; i < 8; i++) {
            Request request = other.ask(holder, range(8L * i, 8L * i + 8), AskReason.PEER, now, new ArrayList<>());
            end = now + (latencyMillis * MILLI) + (long) (8e9 / groupsPerSecond);
            for (long group = 8L * i; group < 8L * i + 8; group++) {
                long left = 8L * i + 7 - group;
                other.delivered(request, group + 1, end - (long) (left * 1e9 / groupsPerSecond));
            }
            other.settled(request, request.groups(), true);
            now = end;
        }
        machine.close(other);
        now = end + 10 * MILLI;
    }

    Holder measuredPeer(BlobPlan blob, String name, double groupsPerSecond) {
        measure(new SourceInfo("peer:" + name, SourceInfo.Kind.PEER), 20, groupsPerSecond);
        return peer(blob, name, GroupSet.all(1000));
    }

    Holder measuredOrigin(BlobPlan blob, double groupsPerSecond) {
        measure(new SourceInfo("origin:o", SourceInfo.Kind.ORIGIN), 80, groupsPerSecond);
        return origin(blob);
    }

    /** A reader at a group that is due after a while. */
    void reads(BlobPlan blob, long first, long end, long dueMillis) {
        blob.demands(List.of(new Demand(range(first, end), Demand.Priority.READER, now + dueMillis * MILLI, PACE)));
    }

    void downloads(BlobPlan blob, long first, long end, Demand.Priority priority) {
        blob.demands(List.of(Demand.undated(range(first, end), priority)));
    }

    List<Step> plan() {
        List<Step> steps = machine.plan(now);
        last.clear();
        last.addAll(steps);
        return steps;
    }

    List<Step> planAfter(long millis) {
        now += millis * MILLI;
        return plan();
    }

    /** What the last plan asks of a source. */
    List<Request> asked(Holder holder) {
        return last.stream()
                .filter(step -> step.kind() == Step.Kind.ASK && step.request().holder() == holder)
                .map(Step::request)
                .toList();
    }

    /** What the last plan takes back. */
    List<Request> cancelled() {
        return last.stream()
                .filter(step -> step.kind() != Step.Kind.ASK)
                .map(Step::request)
                .toList();
    }

    static long groups(List<Request> requests) {
        return requests.stream().mapToLong(request -> request.groups().count()).sum();
    }

    static GroupRange range(long first, long end) {
        return new GroupRange(first, end);
    }
}
