package io.runnel.p2p;

import io.runnel.p2p.transport.PeerLink;
import io.runnel.p2p.transport.PeerTransport;
import io.runnel.p2p.webrtc.WebRtcTransport;
import io.runnel.relay.UdpRelay;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Real WebRTC whose packets go through a relay: the descriptions name ports of the relay instead of this side's own
 * candidates, so that the other side knows no other way. A direct way is never found, since all peers of a test do so.
 */
final class RelayedTransport implements PeerTransport {
    private static final Pattern CANDIDATE =
            Pattern.compile("(a=candidate:\\S+ \\d+ udp \\d+ )(\\d+\\.\\d+\\.\\d+\\.\\d+) (\\d+)( typ host.*)");

    private final PeerTransport transport = new WebRtcTransport(List.of());
    private final UdpRelay relay;

    RelayedTransport(UdpRelay relay) {
        this.relay = relay;
    }

    @Override
    public PeerLink offer(PeerLink.Listener listener) {
        return transport.offer(new Describing(listener));
    }

    @Override
    public PeerLink answer(String remoteOffer, PeerLink.Listener listener) {
        return transport.answer(remoteOffer, new Describing(listener));
    }

    @Override
    public void close() {
        transport.close();
    }

    private String relayed(String sdp) {
        return sdp.lines()
                .map(line -> line.startsWith("a=candidate:") ? relayedCandidate(line) : line + "\r\n")
                .collect(Collectors.joining());
    }

    /** The candidate with the relay's port; nothing for one that the relay does not carry. */
    private String relayedCandidate(String line) {
        Matcher candidate = CANDIDATE.matcher(line);
        if (!candidate.matches()) {
            return "";
        }
        InetSocketAddress own = new InetSocketAddress(candidate.group(2), Integer.parseInt(candidate.group(3)));
        return candidate.group(1) + candidate.group(2) + " "
                + relay.inFrontOf(own).getPort() + candidate.group(4) + "\r\n";
    }

    private final class Describing extends HeardLink {
        Describing(PeerLink.Listener listener) {
            super(listener);
        }

        @Override
        public void described(String description) {
            super.described(relayed(description));
        }
    }
}
