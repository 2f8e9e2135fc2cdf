package io.runnel.devserver.origin;

import org.jspecify.annotations.Nullable;

/** Conditional requests on an immutable representation with a strong entity tag (RFC 9110 section 13). */
final class Preconditions {
    private Preconditions() {}

    /** Whether {@code If-Match} or {@code If-None-Match} lists the tag; {@code *} lists every tag. */
    static boolean lists(String field, String tag, boolean weakComparison) {
        for (String candidate : field.split(",", -1)) {
            String one = candidate.strip();
            if (one.equals("*") || one.equals(tag) || (weakComparison && one.equals("W/" + tag))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether {@code If-Range} lets the range be served. A date never does, since no {@code Last-Modified} is sent; a weak
     * tag never does.
     *
     * @param field null where the request has none
     */
    static boolean rangeAllowed(@Nullable String field, String tag) {
        return field == null || field.strip().equals(tag);
    }
}
