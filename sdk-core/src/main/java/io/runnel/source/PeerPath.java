package io.runnel.source;

/**
 * How the connection to a peer runs: the kind of the ICE candidates it ended up with (RFC 8445 section 4), of both ends
 * that which is further from a direct connection.
 */
public enum PeerPath {
    /** Directly between addresses of the two machines. */
    HOST,
    /** Through a NAT, by the address a STUN server saw. */
    SERVER_REFLEXIVE,
    /** Through a NAT, by an address only the peer saw. */
    PEER_REFLEXIVE,
    /** Through a TURN server. */
    RELAY,
    /** Not known, or not yet. */
    UNKNOWN
}
