package io.runnel.p2p.exchange;

/** A value with a number on the wire. */
interface Coded {
    /** 1 to 127, never changed. */
    int code();
}
