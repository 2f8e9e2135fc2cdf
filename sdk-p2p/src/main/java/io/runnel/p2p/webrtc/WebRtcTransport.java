package io.runnel.p2p.webrtc;

import dev.onvoid.webrtc.RTCIceServer;
import io.runnel.p2p.transport.NatServer;
import io.runnel.p2p.transport.PeerLink;
import io.runnel.p2p.transport.PeerTransport;
import io.runnel.p2p.transport.TransportUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Peer links over WebRTC data channels, spread over a few native factories that are made when first needed and replaced
 * when worn out. A factory has one network thread, so a second one lets two connections use two cores.
 */
public final class WebRtcTransport implements PeerTransport {
    /** How many factories share the connections, where nothing else is said. */
    public static final int DEFAULT_FACTORIES = 2;

    /** Received messages after which a factory is replaced: about 10 MB left behind, and 8 GiB of blob received. */
    public static final long DEFAULT_MESSAGE_LIMIT = 1 << 16;

    private static final long CLOSE_MILLIS = 1800;

    private final List<RTCIceServer> iceServers;
    private final long messageLimit;
    private final @Nullable Factory[] factories;
    private final List<Factory> retired = new ArrayList<>();
    private boolean closed;

    /**
     * A transport with the default pool.
     *
     * @throws TransportUnavailableException where WebRTC cannot run on this machine
     */
    public WebRtcTransport(List<NatServer> servers) {
        this(servers, DEFAULT_FACTORIES, DEFAULT_MESSAGE_LIMIT);
    }

    /**
     * A transport with a pool of its own measure.
     *
     * @param factories how many native factories share the connections, at least 1
     * @param messageLimit received messages after which a factory is replaced, at least 1
     * @throws TransportUnavailableException where WebRTC cannot run on this machine
     */
    public WebRtcTransport(List<NatServer> servers, int factories, long messageLimit) {
        if (factories < 1 || messageLimit < 1) {
            throw new IllegalArgumentException("factories and messageLimit: must be at least 1");
        }
        NativeLibrary.load();
        this.iceServers = servers.stream().map(WebRtcTransport::iceServer).toList();
        this.messageLimit = messageLimit;
        this.factories = new Factory[factories];
    }

    private static RTCIceServer iceServer(NatServer server) {
        RTCIceServer out = new RTCIceServer();
        out.urls.addAll(server.urls());
        out.username = server.username();
        out.password = server.password();
        return out;
    }

    @Override
    public PeerLink offer(PeerLink.Listener listener) {
        return open(null, listener);
    }

    @Override
    public PeerLink answer(String remoteOffer, PeerLink.Listener listener) {
        return open(remoteOffer, listener);
    }

    private synchronized PeerLink open(@Nullable String remoteOffer, PeerLink.Listener listener) {
        if (closed) {
            throw new IllegalStateException("transport is closed");
        }
        WebRtcLink link = new WebRtcLink(next(), iceServers, listener);
        link.start(remoteOffer);
        return link;
    }

    /** The factory with the fewest connections; one worn out is replaced and ends with its last. */
    private Factory next() {
        int best = 0;
        for (int i = 0; i < factories.length; i++) {
            Factory factory = factories[i];
            if (factory != null && factory.wornOut()) {
                factory.retire();
                retired.removeIf(Factory::ended);
                retired.add(factory);
                factories[i] = null;
            }
            if (load(i) < load(best)) {
                best = i;
            }
        }
        Factory chosen = factories[best];
        if (chosen == null) {
            chosen = new Factory(messageLimit);
            factories[best] = chosen;
        }
        chosen.promise();
        return chosen;
    }

    private int load(int index) {
        Factory factory = factories[index];
        return factory == null ? 0 : factory.load();
    }

    @Override
    public void close() {
        List<Factory> open = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open.addAll(retired);
            for (Factory factory : factories) {
                if (factory != null) {
                    open.add(factory);
                }
            }
        }
        open.forEach(Factory::close);
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        for (Factory factory : open) {
            factory.awaitEnd(TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
        }
    }
}
