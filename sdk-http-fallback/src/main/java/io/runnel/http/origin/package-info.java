/**
 * Reads blobs and outboards from an HTTP origin with range requests, on reactor-netty.
 *
 * <p>Start with {@link io.runnel.http.origin.OriginSource}: it cuts a fetch into an
 * {@link io.runnel.http.origin.OriginTransfer} of {@link io.runnel.http.origin.RangeGet}s, each of which makes as many
 * attempts through {@link io.runnel.http.origin.HttpCalls} as it takes. What is decided about an answer is in
 * {@link io.runnel.http.origin.ResponseCheck}, which is pure.
 *
 * <p>Invariants: a byte is passed on only at the position a checked answer gave it; at most {@code connections} ranges
 * are in flight or waiting to be delivered for all transfers together, so memory is bounded by their size; a transfer's
 * state belongs to one event loop; app headers never leave the origin they were asked for. Not exported.
 */
package io.runnel.http.origin;
