package io.runnel.engine;

/** What a reader is for: it decides what the origin may deliver at once. */
public enum ReadMode {
    /** Somebody consumes the bytes now: what is next is always urgent. */
    STREAM,
    /** A file is filled: only its beginning is urgent, so that it starts at once; then peers have their chance. */
    DOWNLOAD,
    /** The store is filled: nothing is urgent. */
    PREFETCH
}
