/**
 * The app server's keys channel: tokens, epochs, envelopes, peer credentials, revocation.
 *
 * <p>Start with {@link io.runnel.devserver.keys.KeysMachine}, which is pure; {@code KeysRoute} carries websockets to it.
 * Invariants: nothing but a close is said before a good {@code hello}; an envelope is sealed under the running epoch's
 * key for its client; a revoked client is told of no further epoch.
 */
package io.runnel.devserver.keys;
