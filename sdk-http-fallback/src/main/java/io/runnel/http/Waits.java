package io.runnel.http;

import java.time.Duration;

/** Checks how long an app wants to wait. */
final class Waits {
    private static final Duration LONGEST = Duration.ofHours(1);

    private Waits() {}

    static Duration positive(String field, Duration value) {
        if (value.isZero() || value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(field + ": " + value + ", must be positive and at most an hour");
        }
        return value;
    }

    static Duration zeroOrMore(String field, Duration value) {
        return value.isZero() ? value : positive(field, value);
    }
}
