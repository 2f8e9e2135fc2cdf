package io.runnel.p2p.exchange;

/** What this side gives a peer. It may change at any time; the peer is told. */
public enum Stance {
    /** Nothing, not even what is held. */
    HIDE,
    /** What is held may be known, so that the peer can tell what it could have had. */
    SHOW,
    /** What is held may be known and is sent to who asks. */
    SERVE
}
