package io.runnel.relay;

import java.time.Duration;

/**
 * How a line treats what passes, each way.
 *
 * @param loss share of datagrams that do not arrive, 0 to 1; of no meaning for TCP
 * @param delayNanos how long each byte is on its way
 * @param bytesPerSecond that pass at most
 */
public record Line(double loss, long delayNanos, long bytesPerSecond) {
    /** A line as good as the machine's own. */
    public static Line perfect() {
        return new Line(0, 0, Long.MAX_VALUE);
    }

    /** This line, losing some. */
    public Line losing(double share) {
        return new Line(share, delayNanos, bytesPerSecond);
    }

    /** This line, longer. */
    public Line delaying(Duration delay) {
        return new Line(loss, delay.toNanos(), bytesPerSecond);
    }

    /** This line, narrower. */
    public Line passing(long perSecond) {
        return new Line(loss, delayNanos, perSecond);
    }

    /** One way of a line: when what is sent now arrives. Not thread-safe. */
    static final class Way {
        private long freeNanos = Long.MIN_VALUE;

        long arrival(Line line, int bytes, long nowNanos) {
            long start = freeNanos == Long.MIN_VALUE || freeNanos - nowNanos < 0 ? nowNanos : freeNanos;
            freeNanos = start + (long) (bytes * 1e9 / line.bytesPerSecond());
            return freeNanos + line.delayNanos();
        }
    }
}
