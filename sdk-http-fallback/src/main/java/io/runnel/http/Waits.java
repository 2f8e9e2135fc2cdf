package io.runnel.http;

import java.time.Duration;
import java.util.Objects;

/** Checks how long an app wants to wait. */
final class Waits {
    private static final Duration LONGEST = Duration.ofHours(1);

    private Waits() {}

    static Duration positive(String field, Duration value) {
        Objects.requireNonNull(value, field);
        if (value.isZero() || value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(field + ": " + value + ", must be positive and at most an hour");
        }
        return value;
    }

    static Duration zeroOrMore(String field, Duration value) {
        return Objects.requireNonNull(value, field).isZero() ? value : positive(field, value);
    }
}
