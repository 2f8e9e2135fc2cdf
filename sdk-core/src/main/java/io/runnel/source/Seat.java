package io.runnel.source;

/**
 * A member's place among those of a swarm who serve, as a tracker hands them out: who has a seat brings its share of what
 * nobody holds from the origin into the swarm.
 *
 * @param index this member's, 0 to {@code count - 1}; -1 for one who does not serve and so has none
 * @param count seats there are, 0 or more
 */
public record Seat(int index, int count) {
    /** Rejects a place outside the seats. */
    public Seat {
        if (index < -1 || count < 0 || index >= count) {
            throw new IllegalArgumentException("seat: " + index + " of " + count + ", must be -1 to count - 1");
        }
    }
}
