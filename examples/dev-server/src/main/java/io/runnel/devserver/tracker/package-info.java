/**
 * The tracker: membership of swarms, introductions, and the relay of signals between members.
 *
 * <p>Start with {@link io.runnel.devserver.tracker.TrackerMachine}, which is pure; {@code TrackerRoute} carries websockets
 * to it. Invariants: nobody is a member without a credential that is valid now and a signature over this connection's
 * nonce; a signal reaches members of the sender's swarm only; the tracker knows swarm ids, never blob ids.
 */
package io.runnel.devserver.tracker;
