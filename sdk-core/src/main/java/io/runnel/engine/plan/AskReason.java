package io.runnel.engine.plan;

/** Why a source was chosen for some groups. */
public enum AskReason {
    /** A peer holds them and delivers in time. */
    PEER,
    /** Due at once: playback has not begun, or a reader waits. */
    STARTUP,
    /** Due soon, and nobody else would deliver them in time. */
    URGENT,
    /** This member was elected to bring the range into the swarm. */
    ELECTED,
    /** No peer that is believed holds them, and whoever should have fetched them has not. */
    NO_PEER_HOLDS,
    /** There are no peers. */
    NO_PEERS,
    /** Peers hold them, but deliver far less than the origin could. */
    PEERS_SLOW,
    /** A second request for what a slow source was asked for. */
    HEDGE
}
