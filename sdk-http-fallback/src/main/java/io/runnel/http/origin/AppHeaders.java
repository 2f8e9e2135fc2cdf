package io.runnel.http.origin;

import io.netty.handler.codec.http.HttpHeaders;
import io.runnel.source.SourceException.Reason;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Adds the app's headers to a request, except those that are ours to say. */
final class AppHeaders {
    private static final Set<String> OURS =
            Set.of("host", "range", "if-range", "accept-encoding", "connection", "content-length", "transfer-encoding");

    private AppHeaders() {}

    static void add(OriginFile file, URI uri, HttpHeaders headers) {
        try {
            for (Map.Entry<String, String> each : file.headers().apply(uri).entrySet()) {
                String name = each.getKey();
                String value = each.getValue();
                if (!isName(name) || !isValue(value) || OURS.contains(name.toLowerCase(Locale.ROOT))) {
                    throw new IllegalArgumentException("not a header for the app to set");
                }
                headers.set(name, value);
            }
        } catch (Throwable e) {
            // An Error too: the library below would let it pass, and the transfer never end.
            // Not chained: its message may quote a token.
            throw AttemptException.lasting(
                    Reason.DENIED,
                    file.origin() + " was not asked: the app's header supplier failed or gave a bad header");
        }
    }

    /** A token of RFC 9110 section 5.6.2. The client library checks neither names nor values. */
    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
    }

    private static boolean isValue(String value) {
        return value.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\t');
    }
}
