package io.runnel.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroupSetTest {
    private static final int UNIVERSE = 80;

    @Test
    void plus_adjacentRanges_mergeIntoOneRun() {
        GroupSet set = GroupSet.of(new GroupRange(2, 4)).plus(new GroupRange(4, 6));
        assertThat(set.runs()).containsExactly(new GroupRange(2, 6));
    }

    @Test
    void minus_middle_splitsTheRun() {
        assertThat(GroupSet.all(10).minus(new GroupRange(3, 5)).runs())
                .containsExactly(new GroupRange(0, 3), new GroupRange(5, 10));
    }

    @Test
    void equals_sameGroupsBuiltDifferently_isTrue() {
        GroupSet one = GroupSet.of(new GroupRange(0, 2)).plus(new GroupRange(5, 6));
        GroupSet other = GroupSet.all(6).minus(new GroupRange(2, 5));
        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    }

    @Test
    void range_endBeforeFirst_isRefused() {
        assertThatThrownBy(() -> new GroupRange(3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new GroupRange(-1, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyOperation_randomSequences_agreesWithABitSet() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            GroupSet set = GroupSet.empty();
            BitSet bits = new BitSet();
            for (int step = 0; step < 40; step++) {
                int first = random.nextInt(UNIVERSE);
                int end = first + random.nextInt(UNIVERSE - first + 1);
                boolean add = random.nextBoolean();
                set = add ? set.plus(new GroupRange(first, end)) : set.minus(new GroupRange(first, end));
                bits.set(first, end, add);
                assertSame(set, bits, "seed " + seed + " round " + round + " step " + step);
            }
        }
    }

    @Test
    void unionAndMinusOfSets_random_agreeWithABitSet() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            BitSet a = randomBits(random);
            BitSet b = randomBits(random);
            BitSet union = (BitSet) a.clone();
            union.or(b);
            BitSet minus = (BitSet) a.clone();
            minus.andNot(b);
            assertSame(set(a).union(set(b)), union, "seed " + seed + " round " + round);
            assertSame(set(a).minus(set(b)), minus, "seed " + seed + " round " + round);
        }
    }

    @Test
    void containsAllOfASet_random_agreesWithTheDifference() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            GroupSet a = set(randomBits(random));
            GroupSet b = set(randomBits(random));
            String what = "seed " + seed + " round " + round;
            assertThat(a.containsAll(b)).as(what).isEqualTo(b.minus(a).isEmpty());
            assertThat(a.union(b).containsAll(b)).as(what).isTrue();
        }
    }

    @Test
    void of_rangesThatOverlapTouchOrAreEmpty_agreesWithABitSet() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            BitSet bits = new BitSet();
            List<GroupRange> ranges = new ArrayList<>();
            for (int i = random.nextInt(8); i > 0; i--) {
                int first = random.nextInt(UNIVERSE);
                int end = Math.min(UNIVERSE, first + random.nextInt(20));
                ranges.add(new GroupRange(first, end));
                bits.set(first, end);
            }
            assertSame(GroupSet.of(ranges), bits, "seed " + seed + " round " + round + " " + ranges);
        }
    }

    private static BitSet randomBits(Random random) {
        BitSet bits = new BitSet();
        for (int i = 0; i < UNIVERSE; i++) {
            bits.set(i, random.nextInt(3) == 0);
        }
        return bits;
    }

    private static GroupSet set(BitSet bits) {
        GroupSet set = GroupSet.empty();
        for (int i = bits.nextSetBit(0); i >= 0; i = bits.nextSetBit(i + 1)) {
            set = set.plus(new GroupRange(i, i + 1));
        }
        return set;
    }

    private static void assertSame(GroupSet set, BitSet bits, String what) {
        assertThat(set.count()).as(what).isEqualTo(bits.cardinality());
        assertThat(set.isEmpty()).as(what).isEqualTo(bits.isEmpty());
        List<GroupRange> runs = set.runs();
        for (int i = 0; i + 1 < runs.size(); i++) {
            assertThat(runs.get(i).end()).as(what).isLessThan(runs.get(i + 1).first());
        }
        for (int i = 0; i <= UNIVERSE; i++) {
            assertThat(set.contains(i)).as(what).isEqualTo(bits.get(i));
            assertThat(set.nextPresent(i)).as(what).isEqualTo(bits.nextSetBit(i));
            assertThat(set.nextAbsent(i)).as(what).isEqualTo(bits.nextClearBit(i));
            assertThat(set.containsAll(new GroupRange(0, i))).as(what).isEqualTo(bits.nextClearBit(0) >= i);
        }
    }
}
