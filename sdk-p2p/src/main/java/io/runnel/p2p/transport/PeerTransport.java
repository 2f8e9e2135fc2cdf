package io.runnel.p2p.transport;

/** Opens connections to other peers. Safe for use on any thread; every method returns at once but {@link #close}. */
public interface PeerTransport extends AutoCloseable {
    /**
     * Starts a connection as the side that offers.
     *
     * @param listener hears of it from now on
     */
    PeerLink offer(PeerLink.Listener listener);

    /**
     * Starts a connection as the side that answers.
     *
     * @param remoteOffer the other side's description; its signature has been checked
     * @param listener hears of it from now on
     */
    PeerLink answer(String remoteOffer, PeerLink.Listener listener);

    /** Closes every link and releases every thread, within 2 s. Idempotent. */
    @Override
    void close();
}
