package io.runnel.sim;

/** How a peer behaves. All but the honest say that they hold everything. */
enum Manner {
    /** As the SDK does. */
    HONEST,
    /** Delivers bytes that are not the blob's. */
    LIAR,
    /** Never answers a request. */
    MUTE,
    /** Answers at a crawl. */
    TRICKLE,
    /** Sends what is no frame. */
    JUNK
}
