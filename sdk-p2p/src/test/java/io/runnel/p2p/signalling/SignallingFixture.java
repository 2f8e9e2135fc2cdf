package io.runnel.p2p.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

/** A village of residents with one tracker, in virtual time. */
abstract class SignallingFixture {
    final long seed = new Random().nextLong();
    final Village village = new Village(seed);

    void assertLinked(Village.Resident a, Village.Resident b) {
        assertThat(a.open.get(b.key)).as("seed %d", seed).isNotNull().isEqualTo(b.open.get(a.key));
    }

    static void assertApart(Village.Resident a, Village.Resident b) {
        assertThat(a.open).doesNotContainKey(b.key);
        assertThat(b.open).doesNotContainKey(a.key);
    }

    long random(long bound) {
        return (long) (village.random.nextDouble() * bound);
    }
}
