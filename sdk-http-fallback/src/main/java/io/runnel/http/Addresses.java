package io.runnel.http;

import java.net.URI;

/** Refuses addresses an app gave. */
final class Addresses {
    private Addresses() {}

    /** Quotes the address, unless it may hold a secret: it has user info, a query or a fragment. */
    static IllegalArgumentException refused(String field, URI value, String mustBe) {
        String text = value.toString();
        boolean quotable = text.chars().noneMatch(c -> c == '@' || c == '?' || c == '#');
        return new IllegalArgumentException(field + ": " + (quotable ? text + ", " : "") + "must be " + mustBe);
    }
}
