package io.runnel.devserver.origin;

import org.jspecify.annotations.Nullable;

/**
 * The {@code Range} field of a GET (RFC 9110 section 14.2). One byte range is served; another unit, a malformed field and
 * several ranges are ignored, as the RFC allows, so that the whole representation is the answer.
 */
sealed interface RangeHeader {
    /** No usable range: answer 200 with everything. */
    record Ignored() implements RangeHeader {}

    /** No byte of the range exists: answer 416. */
    record Unsatisfiable() implements RangeHeader {}

    /** Bytes {@code first} to {@code last}, both included, within the representation. */
    record Satisfiable(long first, long last) implements RangeHeader {
        long length() {
            return last - first + 1;
        }
    }

    /**
     * Reads the field.
     *
     * @param field null where the request has none
     * @param size length of the representation in bytes
     */
    static RangeHeader parse(@Nullable String field, long size) {
        if (field == null || !field.regionMatches(true, 0, "bytes=", 0, 6) || field.indexOf(',') >= 0) {
            return new Ignored();
        }
        String spec = field.substring(6).strip();
        int dash = spec.indexOf('-');
        if (dash < 0 || !digits(spec.substring(0, dash)) || !digits(spec.substring(dash + 1))) {
            return new Ignored();
        }
        String first = spec.substring(0, dash);
        String last = spec.substring(dash + 1);
        if (first.isEmpty()) {
            return last.isEmpty() ? new Ignored() : suffix(number(last), size);
        }
        return between(number(first), last.isEmpty() ? Long.MAX_VALUE : number(last), size);
    }

    private static RangeHeader suffix(long length, long size) {
        return length == 0 || size == 0 ? new Unsatisfiable() : new Satisfiable(Math.max(0, size - length), size - 1);
    }

    private static RangeHeader between(long first, long last, long size) {
        if (last < first) {
            return new Ignored();
        }
        return first >= size ? new Unsatisfiable() : new Satisfiable(first, Math.min(last, size - 1));
    }

    private static boolean digits(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Numbers beyond a long are as good as its greatest value: no blob is that long. */
    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            return Long.MAX_VALUE;
        }
    }
}
