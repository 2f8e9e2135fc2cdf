package io.runnel.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Small swarms of all kinds, by seed. The invariants are checked inside; a failure names its seed and scenario. */
class ManySwarmsTest {
    private static final int SWARMS = 1_000;

    @Test
    void smallSwarms_ofAThousandSeeds_breakNoInvariant() {
        long delivering = LongStream.rangeClosed(1, SWARMS)
                .parallel()
                .filter(seed -> run(seed).offload() > 0)
                .count();
        assertThat(delivering).as("swarms in which peers delivered").isGreaterThan(SWARMS * 8 / 10);
    }

    private static SimReport run(long seed) {
        Scenario scenario = scenario(seed);
        try {
            return new Simulation(scenario).run();
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + scenario, e);
        }
    }

    /** Any kind, five to twelve peers, half of the swarms with hostile ones, loss up to 5 %, half of all pairs apart. */
    private static Scenario scenario(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Scenario.Kind[] kinds = Scenario.Kind.values();
        return new Scenario(
                kinds[random.nextInt(kinds.length)],
                5 + random.nextInt(8),
                seed,
                15_000 + random.nextInt(10_000),
                10 + random.nextInt(21),
                0.5 + random.nextDouble() * 2,
                random.nextDouble(),
                random.nextBoolean() ? random.nextDouble() * 0.6 : 0,
                random.nextDouble() * 0.5,
                random.nextDouble() * 0.05,
                true);
    }
}
