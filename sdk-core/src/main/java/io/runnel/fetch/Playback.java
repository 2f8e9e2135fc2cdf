package io.runnel.fetch;

import java.util.Objects;

/**
 * Where a player says how it is doing, so that what it needs soon is fetched in time and the rest at leisure. The app
 * gives one to the readers it opens for a player and reports to it while it plays; it may go on with the same one after a
 * seek or with the next blob. What was reported ages: between reports the buffer is taken to empty as time goes by and to
 * fill as the reader takes bytes. A few reports a second are plenty, one every few seconds will do. Safe for use on any
 * thread.
 */
public final class Playback {
    private volatile PlaybackHint latest = PlaybackHint.NONE;

    /** A player that has not said anything yet. */
    public Playback() {}

    /** What holds from now on. Returns at once; the engine heeds it within 100 ms. */
    public void report(PlaybackHint hint) {
        Objects.requireNonNull(hint, "hint");
        // A new object each time: that is how the engine tells a report from the one before.
        latest = new PlaybackHint(hint.bytesPerSecond(), hint.bufferAhead());
    }

    /** What was reported last. */
    public PlaybackHint latest() {
        return latest;
    }
}
