package io.runnel.http;

import io.runnel.http.origin.Redirects;
import java.net.URI;

/** Refuses addresses an app gave. */
final class Addresses {
    private Addresses() {}

    /**
     * Quotes the address, unless it may hold a secret: it has user info, a query or a fragment. Says so where the trouble
     * is its host or its port.
     */
    static IllegalArgumentException refused(String field, URI value, String mustBe) {
        String text = value.toString();
        boolean quotable = text.chars().noneMatch(c -> c == '@' || c == '?' || c == '#');
        return new IllegalArgumentException(
                field + ": " + (quotable ? text + ", " : "") + "must be " + mustBe + trouble(value));
    }

    private static String trouble(URI value) {
        if (value.getRawAuthority() != null && value.getHost() == null) {
            return ", with a host of letters a to z, digits, - and dots: no underscore, and a name in other letters in its"
                    + " xn-- form (RFC 5890)";
        }
        return Redirects.isPort(value) ? "" : ", with a port of 1 to 65535";
    }
}
