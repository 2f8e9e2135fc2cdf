package io.runnel.p2p.signalling.message;

/** Names and bounds of the tracker protocol, version 1. */
public final class SwarmProtocol {
    /** The path of the tracker's websocket. */
    public static final String PATH = "/cdn/swarm/v1";

    /** The websocket subprotocol. */
    public static final String SUBPROTOCOL = "runnel.swarm.v1";

    /**
     * The context a peer key signs a join under; the message is {@code nonce || swarm || credential}, the nonce being
     * that of the connection's challenge.
     */
    public static final String JOIN_CONTEXT = "runnel 2026 tracker join v1";

    /** Length of the challenge's nonce in bytes. */
    public static final int NONCE_BYTES = 32;

    /** Length of a signature in bytes. */
    public static final int SIGNATURE_BYTES = 64;

    /** The longest encoded credential in bytes. */
    public static final int MAX_CREDENTIAL_BYTES = 1024;

    /** The longest payload of a signal in bytes; with base64url's third on top it fits one message. */
    public static final int MAX_PAYLOAD_BYTES = 32 << 10;

    /** The most peers one join or announce may want, and the most one answer may name. */
    public static final int MAX_PEERS = 64;

    /** The most seats of a swarm. */
    public static final int MAX_SEATS = 1 << 24;

    /** Close code: the other side broke the protocol. */
    public static final int CLOSE_PROTOCOL = 4400;

    /** Close code: too many messages. */
    public static final int CLOSE_RATE = 4429;

    private SwarmProtocol() {}
}
