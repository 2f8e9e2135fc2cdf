package io.runnel.http.origin;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code Content-Range} of a single part with known length (RFC 9110 section 14.4).
 *
 * @param first position of the first byte
 * @param last position of the last byte
 * @param total length of the whole representation
 */
record ContentRange(long first, long last, long total) {
    private static final Pattern FORM = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    /** The parsed field; empty where it is of another form, of unknown length or contradicts itself. */
    static Optional<ContentRange> parse(String field) {
        Matcher matcher = FORM.matcher(field.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long first = Long.parseLong(matcher.group(1));
        long last = Long.parseLong(matcher.group(2));
        long total = Long.parseLong(matcher.group(3));
        return first <= last && last < total ? Optional.of(new ContentRange(first, last, total)) : Optional.empty();
    }
}
