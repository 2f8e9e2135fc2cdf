package io.runnel.source;

import java.util.Objects;

/**
 * Who a source is. Two sources with equal ids are the same party.
 *
 * @param id stable within a session, for example {@code peer:3fa2c1} or {@code origin:cdn.example}; no token, no IP
 *     address, at most 128 characters
 * @param kind what sort of party it is
 */
public record SourceInfo(String id, Kind kind) {
    /** The sorts of sources. */
    public enum Kind {
        /** The authoritative HTTP server. */
        ORIGIN,
        /** Another viewer. */
        PEER
    }

    /** Rejects an empty or overlong id. */
    public SourceInfo {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(kind, "kind");
        if (id.isEmpty() || id.length() > 128) {
            throw new IllegalArgumentException("source id: " + id.length() + " characters, must be 1 to 128");
        }
    }
}
