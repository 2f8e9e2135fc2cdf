/**
 * Who signs what: Ed25519 identities, the credential that admits a peer to the swarms of a collection, and the names of
 * those swarms.
 *
 * <p>Start with {@link io.runnel.crypto.identity.PeerCredential}. Invariant: every signature covers a context text, so
 * that one made for a purpose is worth nothing for another.
 */
package io.runnel.crypto.identity;
