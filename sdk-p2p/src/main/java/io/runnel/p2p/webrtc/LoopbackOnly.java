package io.runnel.p2p.webrtc;

import dev.onvoid.webrtc.PortAllocatorConfig;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Collections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A way to connect on a machine whose only network is loopback, which libwebrtc ignores and offers no switch for here.
 *
 * <p>With the enumeration of adapters off it binds the wildcard address, but then names no candidate, for it finds no
 * default route. So it is told which port to bind, and the candidate {@code 127.0.0.1} with that port is added to the
 * description by hand.
 */
final class LoopbackOnly {
    private static final Logger LOG = LoggerFactory.getLogger(LoopbackOnly.class);
    private static final long HOST_CANDIDATE_PRIORITY = 2122260223L;

    private final int port;

    private LoopbackOnly(int port) {
        this.port = port;
    }

    /** Whether no interface but loopback is up with an address. */
    static boolean applies() {
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (each.isUp() && !each.isLoopback() && each.getInetAddresses().hasMoreElements()) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            LOG.debug("network interfaces cannot be listed", e);
            return false;
        }
    }

    /** Prepares one connection: the port is free at this moment. */
    static LoopbackOnly configure(PortAllocatorConfig config) throws IOException {
        int free;
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            free = socket.getLocalPort();
        }
        config.setDisableAdapterEnumeration(true);
        config.minPort = free;
        config.maxPort = free;
        return new LoopbackOnly(free);
    }

    /** The description with the candidate libwebrtc did not name. */
    String complete(String sdp) {
        return sdp + "a=candidate:1 1 udp " + HOST_CANDIDATE_PRIORITY + " 127.0.0.1 " + port
                + " typ host generation 0\r\n";
    }
}
