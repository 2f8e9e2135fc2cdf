package io.runnel.p2p;

import io.runnel.sharing.SharingMode;
import io.runnel.sharing.UploadState;
import java.time.Duration;

/**
 * What a swarm is doing, and what it has done since it was built.
 *
 * @param mode the stricter of the app's and the app server's
 * @param uploads whether it uploads, and if not, why
 * @param uploadedBytes of blobs and hash trees; up to 128 KiB a peer may be on their way
 * @param connections to peers
 * @param shadow what the mode SHADOW has shown
 */
public record SwarmStatus(
        SharingMode mode, UploadState uploads, long uploadedBytes, Connections connections, Shadow shadow) {
    /**
     * Connections to peers.
     *
     * @param open now
     * @param tried how many were begun, by either side
     * @param made how many of them opened
     * @param meanTime from the beginning to the opening; zero where none opened
     */
    public record Connections(int open, long tried, long made, Duration meanTime) {}

    /**
     * What peers could have had, counted while the mode is SHADOW. Divided by each other the two are the offload to expect,
     * if peers' uplinks suffice.
     *
     * @param groups chunk groups (16 KiB) of open blobs that came into the store
     * @param heldByPeers how many of them a connected peer held by then
     */
    public record Shadow(long groups, long heldByPeers) {}
}
