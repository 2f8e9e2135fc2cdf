package io.runnel.channel;

import java.net.URI;

/** Where a server's channel is, from the address an app gives. */
public final class ChannelAddress {
    private static final int NO_PORT = -1;
    private static final int MAX_PORT = 65_535;

    private ChannelAddress() {}

    /**
     * The channel's own address.
     *
     * @param field what the app calls the address, for the message
     * @param address {@code https://host[:port]} for the channel at its usual path, or {@code wss://} with the whole path
     * @param path the usual one, from {@code /} on
     * @return {@code wss://host[:port]/path}
     * @throws IllegalArgumentException if it is anything else, its port is not 1 to 65535, or it has an @, a query or a
     *     fragment. The message quotes the address unless it has one of these, which may be secret
     */
    public static URI of(String field, URI address, String path) {
        boolean secret = address.toString().chars().anyMatch(c -> c == '@' || c == '?' || c == '#');
        if (!secret && address.getHost() != null && isPort(address.getPort())) {
            boolean bare = address.getRawPath().matches("/?");
            if (bare && "https".equalsIgnoreCase(address.getScheme())) {
                return URI.create("wss://" + address.getRawAuthority() + path);
            }
            if (!address.getRawPath().isEmpty() && "wss".equalsIgnoreCase(address.getScheme())) {
                return address;
            }
        }
        throw new IllegalArgumentException(field + ": " + (secret ? "" : address + ", ")
                + "must be https://host[:port], or wss:// with the channel's whole path, by default " + path);
    }

    private static boolean isPort(int port) {
        return port == NO_PORT || (port >= 1 && port <= MAX_PORT);
    }
}
