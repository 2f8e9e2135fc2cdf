package io.runnel.sharing;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Bytes by calendar month (UTC), for a clock that may be wrong. What was counted in a month that now lies ahead was
 * counted by mistake there, so it counts in the present month too; and what is counted now counts in such a month as well,
 * for it may be the present that is the mistake. A clock that runs ahead can so get at most one fresh month, for as long
 * as it does; one that goes back gets none. Not thread-safe.
 */
final class MonthlyVolume {
    /** The oldest month is dropped beyond this. */
    static final int MAX_MONTHS = 24;

    /** Before this a clock was never set. */
    private static final YearMonth FIRST = YearMonth.of(2026, 1);

    private final NavigableMap<YearMonth, Long> bytes = new TreeMap<>();
    private YearMonth present = FIRST;

    /** The months and what was counted in each. */
    NavigableMap<YearMonth, Long> months() {
        return new TreeMap<>(bytes);
    }

    YearMonth present() {
        return present;
    }

    /** As it was written down. */
    void restore(YearMonth month, long counted) {
        bytes.put(month, counted);
    }

    void restorePresent(YearMonth month) {
        present = month;
    }

    /** It is now this time; whether that is another month than before. */
    boolean look(Instant now) {
        YearMonth month = YearMonth.from(now.atOffset(ZoneOffset.UTC));
        if (month.isBefore(FIRST) || month.equals(present)) {
            return false;
        }
        if (month.isBefore(present)) {
            long ahead = 0;
            for (long counted : bytes.tailMap(month, false).values()) {
                ahead = saturated(ahead, counted);
            }
            bytes.put(month, saturated(used(month), ahead));
        }
        present = month;
        return true;
    }

    /** Bytes counted in the present month. */
    long used() {
        return used(present);
    }

    private long used(YearMonth month) {
        return bytes.getOrDefault(month, 0L);
    }

    /** Counts bytes; a negative number takes some back. */
    void count(long change) {
        bytes.putIfAbsent(present, 0L);
        bytes.tailMap(present, true).replaceAll((month, counted) -> Math.max(0, saturated(counted, change)));
        while (bytes.size() > MAX_MONTHS) {
            bytes.pollFirstEntry();
        }
    }

    private static long saturated(long a, long b) {
        long sum = a + b;
        return a > 0 && b > 0 && sum < 0 ? Long.MAX_VALUE : sum;
    }
}
