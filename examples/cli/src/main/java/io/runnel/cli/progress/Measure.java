package io.runnel.cli.progress;

import io.runnel.cli.report.Units;

/** What a task's progress is counted in. */
public enum Measure {
    /** Bytes, shown as megabytes. */
    BYTES(" MB", 1_000_000),
    /** Milliseconds, shown as seconds. */
    MILLIS(" s", 1_000);

    private final String unit;
    private final long inOneUnit;

    Measure(String unit, long inOneUnit) {
        this.unit = unit;
        this.inOneUnit = inOneUnit;
    }

    String unit() {
        return unit;
    }

    long inOneUnit() {
        return inOneUnit;
    }

    String text(long amount) {
        return this == BYTES ? Units.bytes(amount) : amount / inOneUnit + unit;
    }
}
