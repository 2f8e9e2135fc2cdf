/**
 * The port for a connection to one other peer: messages over a reliable, ordered channel, set up by exchanging one
 * description each way.
 *
 * <p>Start with {@link io.runnel.p2p.transport.PeerTransport}. Implemented over WebRTC in {@code io.runnel.p2p.webrtc};
 * nothing here names it. Invariant: all that a listener hears comes on threads of the transport, and the listener hands
 * it on and returns.
 */
package io.runnel.p2p.transport;
