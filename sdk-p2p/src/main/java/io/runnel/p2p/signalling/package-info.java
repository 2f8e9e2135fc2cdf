/**
 * How peers of a swarm find each other and come to trust a connection: membership at the tracker, invitations, and signed
 * descriptions.
 *
 * <p>Start with {@link io.runnel.p2p.signalling.SignallingMachine}. Invariants: pure, as every machine here; a
 * description reaches the transport only after its credential, addressee, time, fingerprint and signature were checked,
 * so a tracker that swaps one is caught before a connection exists; without the tracker, connections that exist live on.
 */
package io.runnel.p2p.signalling;
