package io.runnel.http.origin;

import io.runnel.source.SourceException.Reason;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where requests may go, which redirects are followed, and with what. Pure. */
public final class Redirects {
    /** How many redirects one request follows. */
    static final int MAX = 5;

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private Redirects() {}

    static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /**
     * Where a redirect leads.
     *
     * @throws AttemptException if it leads nowhere we go
     */
    static URI target(String origin, URI from, @Nullable String location, boolean loopbackHttp) {
        if (location == null) {
            throw AttemptException.lasting(Reason.PROTOCOL, origin + " redirects without saying where");
        }
        URI target;
        try {
            target = resolve(from, location.strip());
        } catch (IllegalArgumentException e) {
            throw AttemptException.lasting(Reason.PROTOCOL, origin + " redirects to a malformed address");
        }
        if (!isAllowed(target, loopbackHttp)) {
            throw AttemptException.lasting(Reason.PROTOCOL, origin + " redirects to something other than https");
        }
        return target;
    }

    private static URI resolve(URI from, String location) {
        // Only a query: the path stays (RFC 3986 section 5.2.2). URI.resolve would drop the path's last segment.
        return location.startsWith("?")
                ? URI.create(from.getScheme() + "://" + from.getRawAuthority() + from.getRawPath() + location)
                : from.resolve(location);
    }

    /**
     * Whether a request may go there: https with a host and no user, or http on loopback where a test asked for it; the
     * port, if any, is 1 to 65535.
     */
    public static boolean isAllowed(URI uri, boolean loopbackHttp) {
        if (uri.getHost() == null || uri.getRawUserInfo() != null || !isPort(uri)) {
            return false;
        }
        return "https".equalsIgnoreCase(uri.getScheme())
                || (loopbackHttp
                        && "http".equalsIgnoreCase(uri.getScheme())
                        && LOOPBACK.contains(uri.getHost().toLowerCase(Locale.ROOT)));
    }

    /** Whether two addresses have the same scheme, host and port (RFC 6454 section 5). */
    static boolean sameOrigin(URI a, URI b) {
        return a.getScheme().equalsIgnoreCase(b.getScheme())
                && a.getHost().equalsIgnoreCase(b.getHost())
                && port(a) == port(b);
    }

    /** Whether the address names no port, or one of 1 to 65535. */
    public static boolean isPort(URI uri) {
        return uri.getPort() == -1 || (uri.getPort() >= 1 && uri.getPort() <= 65_535);
    }

    static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }
}
