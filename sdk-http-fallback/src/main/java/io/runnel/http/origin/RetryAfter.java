package io.runnel.http.origin;

import io.netty.handler.codec.DateFormatter;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After} (RFC 9110 section 10.2.3): seconds, or a date in one of three forms (section 5.6.7). */
final class RetryAfter {
    private static final Duration MAX = Duration.ofDays(1);

    /** No date is as long; of more, Netty's parser throws. */
    private static final int MAX_DATE_CHARS = 64;

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
        Date parsed = date == null || date.length() > MAX_DATE_CHARS ? null : DateFormatter.parseHttpDate(date);
        return parsed == null ? otherwise : parsed.toInstant();
    }

    private static Duration atMost(Duration wait) {
        return wait.compareTo(MAX) > 0 ? MAX : wait;
    }
}
