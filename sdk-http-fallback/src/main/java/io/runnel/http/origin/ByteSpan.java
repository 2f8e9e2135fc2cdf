package io.runnel.http.origin;

/**
 * A stretch of a file, not empty.
 *
 * @param from position of the first byte
 * @param to position after the last
 */
record ByteSpan(long from, long to) {}
