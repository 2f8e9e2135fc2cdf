/**
 * The peer exchange protocol, {@code cdn/blobs/v1}, version 1: how two peers tell each other what they hold of a blob and
 * hand it over.
 *
 * <p>Start with {@link io.runnel.p2p.exchange.ExchangeMachine}; {@link io.runnel.p2p.exchange.Frame} lists what is said.
 * The channel under it is reliable and ordered: order costs nothing measurable on a channel of one purpose, and it lets a
 * peer be held to answering in the order it was asked. Invariants:
 * <ul>
 *   <li>Pure: no clock, thread, lock, logger or randomness. Time comes in with each input.
 *   <li>Every queue, map and length has a bound, named in {@link io.runnel.p2p.exchange.ExchangeProtocol}.
 *   <li>Decoding is total: any bytes are a frame or are refused whole, before anything is allocated from a length.
 *   <li>A byte that was not asked for ends the connection.
 *   <li>Blob ids never appear: a swarm id names the blob, and both sides know which it is.
 * </ul>
 * Verifying bytes does not belong here: what is delivered is unproven.
 */
package io.runnel.p2p.exchange;
