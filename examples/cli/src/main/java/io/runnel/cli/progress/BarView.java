package io.runnel.cli.progress;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that is drawn over itself. */
final class BarView implements ProgressView {
    private static final long MEGABYTE = 1_000_000;
    private static final int REDRAW_MILLIS = 200;

    private final ProgressBar bar;

    BarView(String task) {
        this.bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(1)
                .setUnit(" MB", MEGABYTE)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .build();
    }

    @Override
    public void update(long doneBytes, long totalBytes, String note) {
        bar.maxHint(Math.max(1, totalBytes));
        bar.stepTo(doneBytes);
        bar.setExtraMessage(note);
    }

    @Override
    public void close() {
        bar.close();
    }
}
