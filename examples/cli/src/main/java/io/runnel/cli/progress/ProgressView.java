package io.runnel.cli.progress;

import java.io.PrintWriter;

/** Shows how far a task is. Used by one thread at a time. */
public interface ProgressView extends AutoCloseable {
    /**
     * A view of bytes that suits where standard error goes. The start script says whether that is a terminal, since Java
     * has no way to ask on every release.
     *
     * @param task a word or two
     * @param out where lines go when it is no terminal
     */
    static ProgressView open(String task, PrintWriter out) {
        return open(task, Measure.BYTES, out);
    }

    /** The same for a task that is counted in something else. */
    static ProgressView open(String task, Measure measure, PrintWriter out) {
        return Boolean.getBoolean("runnel.terminal") ? new BarView(task, measure) : new LineView(task, measure, out);
    }

    /**
     * Shows the state.
     *
     * @param done never falls
     * @param note what else is worth a glance; may be empty
     */
    void update(long done, long total, String note);

    /** Leaves the last state on the screen. */
    @Override
    void close();
}
