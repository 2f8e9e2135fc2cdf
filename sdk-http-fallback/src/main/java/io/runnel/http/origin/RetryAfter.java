package io.runnel.http.origin;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After} (RFC 9110 section 10.2.3): seconds, or a date. */
final class RetryAfter {
    private static final Duration MAX = Duration.ofDays(1);

    private RetryAfter() {}

    /**
     * How long to wait: zero where the field is missing, malformed or past; at most a day.
     *
     * @param date the answer's {@code Date}, from which a date counts: the viewer's clock may be wrong
     * @param now from which it counts where there is no {@code Date}
     */
    static Duration parse(@Nullable String field, @Nullable String date, Instant now) {
        if (field == null) {
            return Duration.ZERO;
        }
        String text = field.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return text.length() > 9 ? MAX : atMost(Duration.ofSeconds(Long.parseLong(text)));
        }
        Instant from = instant(date, now);
        Instant until = instant(text, from);
        return until.isAfter(from) ? atMost(Duration.between(from, until)) : Duration.ZERO;
    }

    private static Instant instant(@Nullable String date, Instant otherwise) {
        try {
            return date == null ? otherwise : Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.strip()));
        } catch (DateTimeException e) {
            return otherwise;
        }
    }

    private static Duration atMost(Duration wait) {
        return wait.compareTo(MAX) > 0 ? MAX : wait;
    }
}
