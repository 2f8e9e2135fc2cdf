package io.runnel.p2p.exchange;

import java.util.concurrent.TimeUnit;

/** The numbers of the exchange protocol, version 1. */
final class ExchangeProtocol {
    static final int MAGIC = 0x524E5831;
    static final int VERSION = 1;

    /** Length of a chunk group in bytes. */
    static final int GROUP_BYTES = 1 << 14;

    /** The longest frame this side reads; what WebRTC implementations take in one message. */
    static final int MAX_FRAME_BYTES = 1 << 18;

    /** The least a side must be able to read: a frame with {@link #FRAME_GROUPS} groups or the longest tree answer. */
    static final int MIN_FRAME_BYTES = (1 << 17) + 64;

    /** The most groups in one GROUPS frame as this side sends it. */
    static final int FRAME_GROUPS = 8;

    /** The most groups in one GROUPS frame that is read. */
    static final int MAX_FRAME_GROUPS = 15;

    /** The longest TREE_BYTES answer in bytes. */
    static final int MAX_TREE_BYTES = 1 << 17;

    /** The most that is sent of groups or trees in one frame, and so the most a permit is asked for. */
    static final long MAX_PIECE_BYTES = 1 << 17;

    static final int NODE_BYTES = 64;

    /** Groups have indexes below this: blobs of up to 64 TiB. */
    static final long MAX_GROUPS = 1L << 32;

    /** The most groups one REQUEST asks for. */
    static final int MAX_REQUEST_GROUPS = 256;

    /** Groups one REQUEST asks for as this side sends it. */
    static final int REQUEST_GROUPS = 32;

    /** Requests for groups, and requests for trees, that may be open at a time on one connection, each way. */
    static final int MAX_REQUESTS = 64;

    /** Bytes this side asks for ahead on one connection. */
    static final long WINDOW_BYTES = 4L << 20;

    /** Bytes a peer may have asked this side for; beyond it is told to come back. */
    static final long MAX_ASKED_BYTES = 8L << 20;

    /** The most bytes read or being read from the store but not yet taken by the transport: for a fast path. */
    static final long MOST_AHEAD_BYTES = 512L << 10;

    /** The same for a slow path, and until it is known how fast it is: two groups. */
    static final long LEAST_AHEAD_BYTES = 32L << 10;

    /** What may wait for the transport, each frame counted as longer by {@link #FRAME_COST_BYTES}; beyond, it ends. */
    static final long MAX_UNTAKEN_BYTES = 4L << 20;

    static final long FRAME_COST_BYTES = 1024;

    /** Messages without payload that a peer may send at once, and each second in the long run; beyond, it is dropped. */
    static final int CHATTER_BURST = 4_000;

    static final int CHATTER_PER_SECOND = 2_000;

    /** A HAVE counts as one message more for as many runs that it makes this side go through. */
    static final int CHATTER_RUNS = 512;

    /** A SERVING counts as so many messages more for each blob it is news for: the engine hears of each. */
    static final double CHATTER_PER_TOGGLE = 4;

    /** Fetches and tree questions of the engine that wait on one connection; beyond, they fail as busy. */
    static final int MAX_WAITING = 256;

    /** Blobs each side may have open on one connection. */
    static final int MAX_BLOBS = 256;

    /** Runs in one HAVE frame. */
    static final int MAX_HAVE_RUNS = 1024;

    /** Runs kept of what a peer holds of a blob, and told of what this side holds. */
    static final int MAX_RUNS = 4096;

    static final int MAX_CREDENTIAL_BYTES = 1024;

    static final long MAX_RETRY_MILLIS = 3_600_000;

    /** How long a peer refused as busy is asked to wait. */
    static final long BUSY_RETRY_MILLIS = 100;

    static final long HELLO_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Without a byte of what was asked for in this time, fetches fail; in twice the time, the connection ends. */
    static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How long a connection to be replaced may go on finishing what it was asked. */
    static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** HAVE frames of one blob are this far apart, unless {@link #HAVE_BATCH} groups have gathered. */
    static final long HAVE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    static final long HAVE_BATCH = 64;

    private ExchangeProtocol() {}
}
