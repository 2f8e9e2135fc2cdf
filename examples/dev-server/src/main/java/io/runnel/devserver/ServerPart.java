package io.runnel.devserver;

/** A part of the dev server that can be left out, to see what clients do without it. */
public enum ServerPart {
    /** Serves ciphertext. */
    ORIGIN,
    /** The app server's keys channels. */
    KEYS,
    /** Membership in swarms and signalling. */
    TRACKER
}
