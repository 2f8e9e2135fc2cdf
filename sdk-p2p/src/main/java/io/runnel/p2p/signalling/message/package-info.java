/**
 * The messages between a peer and the tracker, {@code wss://HOST/cdn/swarm/v1}, and their one codec, which servers use
 * too.
 *
 * <p>Start with {@link io.runnel.p2p.signalling.message.ServerMessage} and
 * {@link io.runnel.p2p.signalling.message.ClientMessage}; {@link io.runnel.p2p.signalling.message.SwarmProtocol} has the
 * bounds. Invariants: every message that exists is within its bounds; whatever is unknown, missing, repeated or out of
 * range is refused whole. What peers say to each other inside a {@code signal} is not read here.
 */
package io.runnel.p2p.signalling.message;
