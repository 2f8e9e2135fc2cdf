package io.runnel.cli.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The middle of several rounds. */
final class Medians {
    private Medians() {}

    /** The median of a figure of the rounds; of an even number of rounds, the mean of the two in the middle. */
    static <T> double of(List<T> rounds, ToDoubleFunction<T> figure) {
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("rounds: none, must be at least 1");
        }
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
