package io.runnel.cli.report;

import java.util.Locale;

/** Quantities as people read them. Megabytes are 1,000,000 bytes throughout. */
public final class Units {
    private static final double MEGABYTE = 1_000_000;

    private Units() {}

    /** A number of bytes with a unit that suits it. */
    public static String bytes(long count) {
        if (count < 10_000) {
            return count + " B";
        }
        return count < MEGABYTE
                ? String.format(Locale.ROOT, "%.1f kB", count / 1000.0)
                : String.format(Locale.ROOT, "%.1f MB", count / MEGABYTE);
    }

    /** A rate in MB/s; 0 where no time passed. */
    public static double megabytesPerSecond(long bytes, long nanos) {
        return nanos <= 0 ? 0 : round(bytes / MEGABYTE / (nanos / 1e9), 2);
    }

    /** A number with so many digits after the point, for reports. */
    public static double round(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }
}
