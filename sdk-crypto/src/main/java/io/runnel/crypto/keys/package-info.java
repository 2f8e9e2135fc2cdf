/**
 * The keys of an epoch and the envelopes that wrap blob keys under them.
 *
 * <p>Start with {@link io.runnel.crypto.keys.Envelopes}. An app server holds an
 * {@link io.runnel.crypto.keys.EpochRoot}; a client holds an {@link io.runnel.crypto.keys.EpochKeyring}, a pure state
 * machine on server time. Invariant: a key of a retired epoch exists no more.
 */
package io.runnel.crypto.keys;
