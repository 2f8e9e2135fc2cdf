package io.runnel.engine.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Gives free groups to sources: first what is due soon, nearest first, over all blobs; then what is not. Of what is due
 * together, as all downloads are, the blob comes first that was served longest ago: else the one opened first would take
 * all room for itself.
 */
final class Assigner {
    private static final Comparator<Pass.Wish> FIRST_FIRST = Comparator.comparing(
                    (Pass.Wish wish) -> wish.demand.priority())
            .thenComparingLong(wish -> wish.demand.dueNanos())
            .thenComparingLong(wish -> wish.blob.plan.lastAsk());

    private Assigner() {}

    static void assign(Pass pass, List<BlobPlan> blobs, long self) {
        List<Pass.Wish> wishes = new ArrayList<>();
        for (BlobPlan blob : blobs) {
            Pass.BlobView view = new Pass.BlobView(blob);
            for (Demand demand : blob.demands()) {
                wishes.add(new Pass.Wish(view, demand));
            }
        }
        wishes.sort(FIRST_FIRST);
        new Urgent(pass).assign(wishes);
        new Ahead(pass, self).assign(wishes);
    }
}
