package io.runnel.fetch;

import java.time.Duration;

/**
 * Times a reader had to wait for bytes in the middle of what it reads. A wait counts where somebody consumes the bytes as
 * they come (streams, channels, publishers, ranges), after the reader's first byte, from {@link #LEAST} on; where the
 * player reports what it has buffered ({@link Playback}), only the part of the wait that the buffer did not cover.
 *
 * @param count how often
 * @param total how long, all together
 */
public record Stalls(long count, Duration total) {
    /** Shorter waits are those of any reader that is faster than its sources, and nobody sees them: 100 ms. */
    public static final Duration LEAST = Duration.ofMillis(100);

    /** No stall at all. */
    public static final Stalls NONE = new Stalls(0, Duration.ZERO);

    /** Both together. */
    public Stalls plus(Stalls other) {
        return new Stalls(count + other.count, total.plus(other.total));
    }
}
