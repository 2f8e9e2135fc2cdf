package io.runnel.p2p;

import java.util.List;

/**
 * A STUN or TURN server (RFC 8489, RFC 8656) that helps peers behind a NAT find each other.
 *
 * @param urls at least one, each starting with {@code stun:}, {@code turn:} or {@code turns:}
 * @param username for TURN; empty for none
 * @param password for TURN; empty for none; never logged
 */
public record IceServer(List<String> urls, String username, String password) {
    /** Checks the URLs and keeps a copy. */
    public IceServer {
        urls = List.copyOf(urls);
        if (urls.isEmpty() || !urls.stream().allMatch(url -> url.matches("(stun|turn|turns):.+"))) {
            throw new IllegalArgumentException("urls: must be one or more, each stun:, turn: or turns:");
        }
    }

    /** A STUN server. */
    public static IceServer stun(String url) {
        return new IceServer(List.of(url), "", "");
    }

    @Override
    public String toString() {
        return "IceServer[urls=" + urls + "]";
    }
}
