package io.runnel.cli.progress;

import java.io.PrintWriter;

/** A line a second at most, and one at the end. */
final class LineView implements ProgressView {
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private final String task;
    private final Measure measure;
    private final PrintWriter out;
    private final long openedNanos = System.nanoTime();
    private long shownNanos = openedNanos;
    private String last = "";

    LineView(String task, Measure measure, PrintWriter out) {
        this.task = task;
        this.measure = measure;
        this.out = out;
    }

    @Override
    public void update(long done, long total, String note) {
        long percent = total == 0 ? 100 : done * 100 / total;
        last = "%s: %d %% of %s%s"
                .formatted(task, percent, measure.text(total), note.isEmpty() ? "" : " (" + note + ")");
        if (System.nanoTime() - shownNanos >= INTERVAL_NANOS) {
            show();
        }
    }

    @Override
    public void close() {
        if (!last.isEmpty()) {
            show();
        }
    }

    private void show() {
        out.println(last);
        out.flush();
        last = "";
        shownNanos = System.nanoTime();
    }
}
