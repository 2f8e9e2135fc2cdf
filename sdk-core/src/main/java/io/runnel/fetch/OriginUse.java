package io.runnel.fetch;

/** Why the origin was asked for chunk groups though peers cost nothing. */
public enum OriginUse {
    /** Nobody had anything yet and a reader waits for its first byte. */
    STARTUP,
    /** A reader needs it soon and the origin would deliver first. */
    URGENT,
    /** Peers are connected, but none says it holds this, or only such as were asked in vain. */
    NO_PEER_HOLDS,
    /** No peer is connected, or none can be asked now. */
    NO_PEERS,
    /** This client is the one that brings the range into the swarm. */
    ELECTED_SEED,
    /** Peers hold it, but deliver far less than the origin could. */
    PEERS_SLOW,
    /** A peer was asked for it and is late. */
    HEDGE,
    /** The client has no swarm, or it is switched off. */
    PEERS_OFF
}
