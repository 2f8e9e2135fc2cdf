package io.runnel.sharing;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Bytes by calendar month (UTC), for a clock that may be wrong. What was counted in a month that now lies ahead was
 * counted by mistake there, so it counts in the present month too; and what is counted now counts in such a month as well,
 * for it may be the present that is the mistake. A clock that runs ahead can so get at most one fresh month, for as long
 * as it does; one that goes back gets none. However often it does, a month counts no byte twice: what was brought to an
 * earlier month is from then on that month's, and is brought from there to earlier ones only. Not thread-safe.
 */
final class MonthlyVolume {
    /** The oldest month is dropped beyond this, or the furthest ahead where the oldest is the present one. */
    static final int MAX_MONTHS = 24;

    /** Before this a clock was never set. */
    private static final YearMonth FIRST = YearMonth.of(2026, 1);

    /**
     * What counts in one month.
     *
     * @param used all that counts in it
     * @param own what of that is brought to an earlier month if the clock goes back to it; no byte is two months' own
     */
    record Count(long used, long own) {
        private static final Count NONE = new Count(0, 0);

        private Count plus(long usedMore, long ownMore) {
            return new Count(sum(used, usedMore), sum(own, ownMore));
        }

        private static long sum(long a, long b) {
            long sum = a + b;
            return a > 0 && b > 0 && sum < 0 ? Long.MAX_VALUE : Math.max(0, sum);
        }
    }

    private final NavigableMap<YearMonth, Count> counts = new TreeMap<>();
    private YearMonth present = FIRST;

    /** The months and what counts in each. */
    NavigableMap<YearMonth, Count> months() {
        return new TreeMap<>(counts);
    }

    YearMonth present() {
        return present;
    }

    /** As it was written down. */
    void restore(YearMonth month, Count count) {
        counts.put(month, count);
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
            bringBackTo(month);
        }
        present = month;
        return true;
    }

    /** What is own to later months becomes own to this one, and counts in those between too: any may be the true one. */
    private void bringBackTo(YearMonth month) {
        counts.putIfAbsent(month, Count.NONE);
        long ahead = 0;
        for (Map.Entry<YearMonth, Count> each :
                counts.tailMap(month, true).descendingMap().entrySet()) {
            Count count = each.getValue();
            long used = Count.sum(count.used, ahead);
            ahead = Count.sum(ahead, count.own);
            each.setValue(new Count(used, each.getKey().equals(month) ? ahead : 0));
        }
    }

    /** Bytes counted in the present month. */
    long used() {
        return counts.getOrDefault(present, Count.NONE).used;
    }

    /** Counts bytes; a negative number takes some back. */
    void count(long change) {
        counts.putIfAbsent(present, Count.NONE);
        counts.tailMap(present, true)
                .replaceAll((month, count) -> count.plus(change, month.equals(present) ? change : 0));
        while (counts.size() > MAX_MONTHS) {
            if (counts.firstKey().equals(present)) {
                counts.pollLastEntry();
            } else {
                counts.pollFirstEntry();
            }
        }
    }
}
