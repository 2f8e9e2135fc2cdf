package io.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.engine.Proofs.Proof;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import org.junit.jupiter.api.Test;

final class ProofsTest {
    private static final GroupRange NONE = new GroupRange(0, 0);

    private final Proofs proofs = new Proofs();

    private static GroupSet groups(long first, long end) {
        return GroupSet.of(new GroupRange(first, end));
    }

    @Test
    void end_aloneAndGood_allIsNew() {
        Proof proof = proofs.begin(new GroupRange(4, 8), GroupSet.empty());
        assertThat(proofs.end(proof, proof.batch)).isEqualTo(groups(4, 8));
    }

    @Test
    void end_twoDeliveriesOverlap_eachGroupIsNewOnce() {
        Proof first = proofs.begin(new GroupRange(0, 8), GroupSet.empty());
        Proof second = proofs.begin(new GroupRange(4, 12), GroupSet.empty());
        assertThat(proofs.end(second, second.batch)).isEqualTo(groups(4, 12));
        assertThat(proofs.end(first, first.batch)).isEqualTo(groups(0, 4));
    }

    @Test
    void end_theFirstWasALie_theSecondIsNew() {
        Proof first = proofs.begin(new GroupRange(0, 8), GroupSet.empty());
        Proof second = proofs.begin(new GroupRange(0, 8), GroupSet.empty());
        assertThat(proofs.end(first, NONE)).isEqualTo(GroupSet.empty());
        assertThat(proofs.end(second, second.batch)).isEqualTo(groups(0, 8));
    }

    @Test
    void end_partHeldWhenItArrived_onlyTheRestIsNew() {
        Proof proof = proofs.begin(new GroupRange(0, 8), groups(2, 3));
        assertThat(proofs.end(proof, new GroupRange(0, 6)))
                .isEqualTo(groups(0, 2).union(groups(3, 6)));
    }

    @Test
    void end_droppedAndFetchedAgain_isNewAgain() {
        Proof proof = proofs.begin(new GroupRange(0, 8), GroupSet.empty());
        proofs.end(proof, proof.batch);
        Proof again = proofs.begin(new GroupRange(0, 8), GroupSet.empty());
        assertThat(proofs.end(again, again.batch)).isEqualTo(groups(0, 8));
    }

    @Test
    void uncounted_untilTheFirstOfTwoDeliveriesEnds() {
        Proof first = proofs.begin(new GroupRange(0, 8), groups(2, 3));
        Proof second = proofs.begin(new GroupRange(4, 12), groups(2, 3));
        assertThat(proofs.uncounted()).isEqualTo(groups(0, 2).union(groups(3, 12)));
        proofs.end(first, first.batch);
        assertThat(proofs.uncounted()).isEqualTo(groups(8, 12));
        proofs.end(second, NONE);
        assertThat(proofs.uncounted()).isEqualTo(GroupSet.empty());
    }
}
