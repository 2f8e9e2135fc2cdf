/**
 * A seeded discrete-event simulation of swarms. Every peer runs the planner ({@code io.runnel.engine.plan}) and an exchange
 * machine for each connection ({@code io.runnel.p2p.exchange}) of the SDK, as they are; what is simulated is around them:
 * uplinks, downlinks, delay, loss, the origin, the tracker, players, and peers that come, go and misbehave.
 *
 * <p>Start with {@link io.runnel.sim.Simulation}; a run is described by {@link io.runnel.sim.Scenario} and ends in a
 * {@link io.runnel.sim.SimReport}. Invariants: one thread; the same scenario and seed give the same trace; time is whole
 * milliseconds. Not simulated: hash trees and bytes (a group is right or a lie), DTLS and ICE beyond the time they take.
 */
package io.runnel.sim;
