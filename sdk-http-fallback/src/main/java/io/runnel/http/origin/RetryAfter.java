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

    /** How long to wait from {@code now}: zero where the field is missing, malformed or past; at most a day. */
    static Duration parse(@Nullable String field, Instant now) {
        if (field == null) {
            return Duration.ZERO;
        }
        String text = field.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return text.length() > 9 ? MAX : atMost(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
            return until.isAfter(now) ? atMost(Duration.between(now, until)) : Duration.ZERO;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    private static Duration atMost(Duration wait) {
        return wait.compareTo(MAX) > 0 ? MAX : wait;
    }
}
