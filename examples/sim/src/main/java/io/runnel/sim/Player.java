package io.runnel.sim;

import io.runnel.engine.plan.Demand;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.util.List;

/** A player: starts once it has a second of the stream, goes on at its rate, and stalls where the next group is missing. */
final class Player {
    private static final double START_SECONDS = 1;
    private static final double RESUME_SECONDS = 0.5;

    private final Scenario scenario;
    private final double rate;
    private final long joinedMillis;
    private double position;
    private long atMillis;
    private long startedMillis = -1;
    private boolean stalled;
    private int stalls;
    private long stallMillis;

    Player(Scenario scenario, long nowMillis) {
        this.scenario = scenario;
        this.rate = scenario.streamGroupsPerSecond();
        this.joinedMillis = nowMillis;
        this.atMillis = nowMillis;
        this.position = scenario.kind().live() ? Math.floor(nowMillis / 1000.0 * rate) : 0;
    }

    /** Goes on to the present. */
    void advance(GroupSet held, long nowMillis) {
        double seconds = (nowMillis - atMillis) / 1000.0;
        atMillis = nowMillis;
        long end = held.runEnd((long) position);
        boolean last = end >= scenario.streamGroups();
        if (startedMillis < 0) {
            if (end - position >= awaitedSeconds() * rate || last) {
                startedMillis = nowMillis;
            }
            return;
        }
        if (ended()) {
            return;
        }
        if (stalled) {
            stallMillis += (long) (seconds * 1000);
            stalled = !(end - position >= awaitedSeconds() * rate || last);
            return;
        }
        double target = position + seconds * rate;
        if (target > end) {
            position = end;
            if (!last) {
                stalled = true;
                stalls++;
            }
        } else {
            position = target;
        }
    }

    /** What it wants: from its position as far as it buffers or the stream is published. */
    List<Demand> demands(long nowMillis) {
        long first = (long) position;
        long ahead = scenario.kind().live()
                ? scenario.publishedGroups(nowMillis)
                : Math.min(scenario.streamGroups(), first + (long) (Scenario.BUFFER_MILLIS / 1000.0 * rate));
        long end = Math.max(first, ahead);
        long sinceFirst = (long) ((position - first) / rate * 1e9);
        long due = nowMillis * 1_000_000 - sinceFirst;
        long awaitedEnd = Math.min(end, first + (long) Math.ceil(awaitedSeconds() * rate));
        return Demand.inOrder(new GroupRange(first, awaitedEnd), due, end, due, rate);
    }

    /** How much of the stream it needs before it goes on; 0 while it plays. */
    private double awaitedSeconds() {
        if (startedMillis < 0) {
            return START_SECONDS;
        }
        return stalled ? RESUME_SECONDS : 0;
    }

    boolean ended() {
        return position >= scenario.streamGroups();
    }

    /** From joining to playing, or -1. */
    long startupMillis() {
        return startedMillis < 0 ? -1 : startedMillis - joinedMillis;
    }

    int stalls() {
        return stalls;
    }

    long stallMillis() {
        return stallMillis;
    }

    long position() {
        return (long) position;
    }
}
