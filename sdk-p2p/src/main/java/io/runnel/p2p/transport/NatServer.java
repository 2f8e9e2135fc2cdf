package io.runnel.p2p.transport;

import java.util.List;

/**
 * A STUN or TURN server, as a transport takes it.
 *
 * @param urls as in RFC 7064 and RFC 7065
 * @param username empty for none
 * @param password empty for none; never logged
 */
public record NatServer(List<String> urls, String username, String password) {
    /** Keeps a copy of the URLs. */
    public NatServer {
        urls = List.copyOf(urls);
    }

    @Override
    public String toString() {
        return "NatServer[urls=" + urls + "]";
    }
}
