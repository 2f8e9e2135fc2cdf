package io.runnel.cli.progress;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that is drawn over itself. */
final class BarView implements ProgressView {
    private static final int REDRAW_MILLIS = 200;

    private final ProgressBar bar;

    BarView(String task, Measure measure) {
        this.bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(1)
                .setUnit(measure.unit(), measure.inOneUnit())
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REDRAW_MILLIS)
                .build();
    }

    @Override
    public void update(long done, long total, String note) {
        bar.maxHint(Math.max(1, total));
        bar.stepTo(done);
        bar.setExtraMessage(note);
    }

    @Override
    public void close() {
        bar.close();
    }
}
