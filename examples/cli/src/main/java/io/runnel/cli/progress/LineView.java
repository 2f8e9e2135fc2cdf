package io.runnel.cli.progress;

import io.runnel.cli.report.Units;
import java.io.PrintWriter;

/** A line a second at most, and one at the end. */
final class LineView implements ProgressView {
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private final String task;
    private final PrintWriter out;
    private final long openedNanos = System.nanoTime();
    private long shownNanos = openedNanos;
    private String last = "";

    LineView(String task, PrintWriter out) {
        this.task = task;
        this.out = out;
    }

    @Override
    public void update(long doneBytes, long totalBytes, String note) {
        long percent = totalBytes == 0 ? 100 : doneBytes * 100 / totalBytes;
        last = "%s: %d %% of %s%s"
                .formatted(task, percent, Units.bytes(totalBytes), note.isEmpty() ? "" : " (" + note + ")");
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
