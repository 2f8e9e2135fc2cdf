package io.runnel.engine;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.util.ArrayList;
import java.util.List;

/**
 * The deliveries being proven. Two sources may have brought the same groups, and both are proven, since either may lie:
 * the first that proves true counts, the other came for nothing. Owned by the engine loop.
 */
final class Proofs {
    /** One delivery from its arrival to its proof. */
    static final class Proof {
        final GroupRange batch;
        /** Groups of the batch that are stored without it. */
        private GroupSet others;

        private Proof(GroupRange batch, GroupSet others) {
            this.batch = batch;
            this.others = others;
        }
    }

    private final List<Proof> open = new ArrayList<>();

    /**
     * A delivery is about to be proven.
     *
     * @param held what the store holds
     */
    Proof begin(GroupRange batch, GroupSet held) {
        GroupSet absent = GroupSet.of(batch).minus(held);
        Proof proof = new Proof(batch, GroupSet.of(batch).minus(absent));
        open.add(proof);
        return proof;
    }

    /**
     * Groups that may be stored already, but are not counted yet: who waits for them hears of it once they are, so that
     * what was read is never more than what the statistics say.
     */
    GroupSet uncounted() {
        GroupSet all = GroupSet.empty();
        for (Proof proof : open) {
            all = all.union(GroupSet.of(proof.batch).minus(proof.others));
        }
        return all;
    }

    /**
     * A delivery was proven, as far as it is good.
     *
     * @param good the beginning of its batch, or nothing
     * @return the groups that it, and nothing before it, brought
     */
    GroupSet end(Proof proof, GroupRange good) {
        open.remove(proof);
        if (good.isEmpty()) {
            return GroupSet.empty();
        }
        for (Proof other : open) {
            if (other.batch.first() < good.end() && good.first() < other.batch.end()) {
                other.others = other.others.plus(good);
            }
        }
        return GroupSet.of(good).minus(proof.others);
    }
}
