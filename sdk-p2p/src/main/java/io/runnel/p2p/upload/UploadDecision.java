package io.runnel.p2p.upload;

/**
 * What the governor has decided for a peer.
 *
 * @param peer whom it is for
 * @param bytes how much it may be sent; 0 where it is turned away
 * @param retryAfterMillis when a peer that is turned away is to ask again; 0 where it is not
 */
public record UploadDecision<P>(P peer, long bytes, long retryAfterMillis) {
    static <P> UploadDecision<P> permit(P peer, long bytes) {
        return new UploadDecision<>(peer, bytes, 0);
    }

    static <P> UploadDecision<P> decline(P peer, long retryAfterMillis) {
        return new UploadDecision<>(peer, 0, retryAfterMillis);
    }

    /** Whether the peer is turned away. */
    public boolean declines() {
        return bytes == 0;
    }
}
