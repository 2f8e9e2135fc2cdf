package io.runnel.http.origin;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One file on the origin, as one fetch sees it.
 *
 * @param origin names the origin in messages
 * @param uri where it is
 * @param total its length in bytes
 * @param headers what the app adds to a request for an address; may fail with {@link AppFailure}
 * @param etag the strong entity tag first seen; empty until then
 */
record OriginFile(
        String origin,
        URI uri,
        long total,
        Function<URI, Map<String, String>> headers,
        AtomicReference<@Nullable String> etag) {
    OriginFile(String origin, URI uri, long total, Function<URI, Map<String, String>> headers) {
        this(origin, uri, total, headers, new AtomicReference<>());
    }

    /** Whether an answer with this tag is of the same file: weak and missing tags say nothing (RFC 9110 section 8.8.3). */
    boolean sameAs(@Nullable String tag) {
        if (tag == null || !tag.startsWith("\"")) {
            return true;
        }
        String first = etag.compareAndExchange(null, tag);
        return first == null || first.equals(tag);
    }
}
