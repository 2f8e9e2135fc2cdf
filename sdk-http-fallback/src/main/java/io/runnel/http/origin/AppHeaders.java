package io.runnel.http.origin;

import io.netty.handler.codec.http.HttpHeaders;
import io.runnel.source.SourceException.Reason;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds the app's headers to a request, except those that are ours to say. */
final class AppHeaders {
    private static final Set<String> OURS =
            Set.of("host", "range", "if-range", "accept-encoding", "connection", "content-length", "transfer-encoding");

    private AppHeaders() {}

    static void add(OriginFile file, URI uri, HttpHeaders headers) {
        try {
            file.headers().apply(uri).forEach(headers::set);
        } catch (AppFailure e) {
            throw AttemptException.lasting(Reason.DENIED, file.origin() + " was not asked: " + e.getMessage());
        }
    }

    /**
     * A copy of what the app wants to send.
     *
     * @throws AppFailure if it cannot be sent, or is ours to say
     */
    static Map<String, String> checked(@Nullable Map<String, String> given) {
        if (given == null) {
            throw new AppFailure("the app's headers are null");
        }
        Map<String, String> checked = new HashMap<>();
        given.forEach((name, value) -> {
            check(name, value);
            checked.put(name, value);
        });
        return checked;
    }

    private static void check(@Nullable String name, @Nullable String value) {
        if (name == null || !isName(name)) {
            throw new AppFailure("the app's headers have a name that is none: see RFC 9110 section 5.6.2");
        }
        if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new AppFailure("the app's headers set " + name + ", which Runnel sets itself: leave it out");
        }
        if (value == null || !isValue(value)) {
            throw new AppFailure("the app's headers give " + name + " a value that is not visible ASCII");
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
