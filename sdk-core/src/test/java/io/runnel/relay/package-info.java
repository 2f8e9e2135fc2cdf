/**
 * Bad lines for tests: relays that stand in front of real sockets on this machine and delay, lose, slow and cut what
 * passes. Start with {@link io.runnel.relay.TcpRelay} and {@link io.runnel.relay.UdpRelay}. Each has one thread, which
 * waits in its selector until something comes or is due; what waits inside is bounded. What is left to chance follows
 * from the seed.
 */
package io.runnel.relay;
