package io.runnel.p2p.signalling;

/**
 * What went over a connection since it opened, of blobs and hash trees.
 *
 * @param gotBytes what the peer delivered of what it was asked for
 * @param gaveBytes what it was sent
 */
public record Traffic(long gotBytes, long gaveBytes) {
    long bytes() {
        return gotBytes + gaveBytes;
    }
}
