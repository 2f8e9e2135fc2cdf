package io.runnel.sharing;

/** How far a client goes with its peers. The app sets one, the app server may set one; the stricter holds. */
public enum SharingMode {
    /** No tracker, no connection to any peer: everything comes from the origin. */
    OFF,
    /** Connects to peers and measures what they would have had, but moves no blob: everything comes from the origin. */
    SHADOW,
    /** Fetches from peers, and uploads to them what the {@link UploadPolicy} allows. */
    ON;

    /** The one of the two that does less. */
    public SharingMode stricter(SharingMode other) {
        return compareTo(other) < 0 ? this : other;
    }
}
