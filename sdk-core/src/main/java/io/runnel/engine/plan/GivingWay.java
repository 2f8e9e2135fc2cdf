package io.runnel.engine.plan;

import java.util.List;

/**
 * What has no time gives way: where a reader needs something soon of an origin that owes so much that it has no room, what
 * downloads and prefetches asked of that origin is taken back. What of it came is kept, and the rest is asked for again in
 * its turn. A fast origin that will be through with it at once is not bothered, and no origin again and again: over HTTP/1.1
 * what is taken back costs a connection.
 */
final class GivingWay {
    /**
     * An origin that owes more than it delivers in this time keeps a reader waiting. Any but a very fast one owes as much
     * when it has no room: what a reader waits for would come behind that, and beside what is still asked for.
     */
    private static final double LONG_SECONDS = 0.2;

    private final PlanRules rules;

    GivingWay(PlanRules rules) {
        this.rules = rules;
    }

    void apply(List<BlobPlan> blobs, long now, List<Step> steps) {
        for (BlobPlan blob : blobs) {
            for (Holder holder : blob.holders) {
                if (keepsWaiting(holder, blobs, now) && neededSoon(blob, holder, now)) {
                    holder.party().gaveWay(now);
                    takeBack(holder.party(), blobs, steps);
                }
            }
        }
    }

    private static boolean keepsWaiting(Holder holder, List<BlobPlan> blobs, long now) {
        Party party = holder.party();
        return party.isOrigin()
                && holder.usable(now)
                && party.room() == 0
                && party.mayGiveWay(now)
                && owedWithoutTime(party, blobs) > LONG_SECONDS * party.groupsPerSecond(now);
    }

    private static long owedWithoutTime(Party party, List<BlobPlan> blobs) {
        long groups = 0;
        for (BlobPlan blob : blobs) {
            for (Request request : withoutTime(party, blob)) {
                groups += request.missing().count();
            }
        }
        return groups;
    }

    private static List<Request> withoutTime(Party party, BlobPlan blob) {
        return blob.holders.stream()
                .filter(holder -> holder.party() == party)
                .flatMap(holder -> holder.requests().stream())
                .filter(request -> blob.due(request.next()) == Demand.NEVER)
                .toList();
    }

    /** Only what is urgent however near the origin is: for anything else the room would go back to where it came from. */
    private boolean neededSoon(BlobPlan blob, Holder holder, long now) {
        Pass.BlobView view = new Pass.BlobView(blob);
        for (Demand demand : blob.demands()) {
            if (demand.priority() == Demand.Priority.READER) {
                long end = demand.firstDueAfter(now + rules.leastUrgentNanos());
                long group = Pass.nextFree(view, demand.groups().first(), end);
                if (group >= 0 && holder.available().contains(group)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void takeBack(Party party, List<BlobPlan> blobs, List<Step> steps) {
        for (BlobPlan blob : blobs) {
            for (Request request : withoutTime(party, blob)) {
                blob.ended(request);
                steps.add(new Step(Step.Kind.CANCEL, blob, request));
            }
        }
    }
}
