package io.runnel.http;

import java.net.URI;
import java.util.Map;

/** Gives the headers an app wants on requests to its origin, for example a token. */
@FunctionalInterface
public interface HeaderSupplier {
    /**
     * The headers for one request. Asked anew for each, from an I/O thread: it must return at once, so keep a token that
     * has to be fetched.
     *
     * @param uri where the request goes; always of the origin the app named, never of one it was redirected to
     * @return names and values; not {@code Range}, {@code Host} or another that the request itself needs
     */
    Map<String, String> headers(URI uri);
}
