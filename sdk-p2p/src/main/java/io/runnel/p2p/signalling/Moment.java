package io.runnel.p2p.signalling;

/**
 * When an input came.
 *
 * @param nanos since any moment before the first input; does not go back
 * @param wallMillis this machine's clock, in milliseconds since 1970; may be wrong
 */
public record Moment(long nanos, long wallMillis) {}
