/**
 * The fetch engine: finds who has what, decides who fetches what, proves what comes, keeps it and wakes who waits.
 *
 * <p>Start with {@link io.runnel.engine.BlobSession}, one open blob. {@code io.runnel.engine.plan} is pure
 * and decides; everything here carries out. Invariants: all state of a session belongs to the one engine loop; what is not
 * proven is neither stored, passed on nor decrypted; every queue has a bound that follows from
 * {@code FetchSettings.inFlightBytes}. No HTTP, WebRTC or websocket is known here.
 */
package io.runnel.engine;
