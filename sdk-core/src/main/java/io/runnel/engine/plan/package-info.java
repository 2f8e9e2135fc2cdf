/**
 * Decides who fetches which chunk groups, when, and what is taken back. Pure: time comes in as a number, requests and
 * cancellations come out; no clock, thread, socket or randomness. The engine and the simulator run the same code.
 *
 * <p>Start with {@link io.runnel.engine.plan.FetchMachine}, then {@link io.runnel.engine.plan.BlobPlan}; the rules are in
 * {@code Urgent} (who gets what is due soon), {@code Ahead} (who gets the rest), {@code OriginTurn} and
 * {@link io.runnel.engine.plan.Election} (who of a swarm asks the origin) and {@code Overtaking} (who is too slow). Numbers with their reasons are in {@link io.runnel.engine.plan.PlanRules}. Invariants: a group
 * is asked for at most twice at a time, and twice only by one hedge of a client; nothing is asked for whose hash is not
 * proven; the same inputs give the same plan. What does not belong: stores, hash trees, bytes.
 */
package io.runnel.engine.plan;
