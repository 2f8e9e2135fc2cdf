/**
 * The BLAKE3 tree of a blob: hashing it, keeping its parents beside it, and proving any part of it against its id.
 *
 * <p>Start with {@link io.runnel.crypto.tree.TreeShape}, which says how a blob of some size is cut, then
 * {@link io.runnel.crypto.tree.TreeHasher} (the provider's side) and {@link io.runnel.crypto.tree.VerifiedTree} with
 * {@link io.runnel.crypto.tree.GroupVerifier} (the getter's side). Invariant: nothing is called proven before every
 * node on its way to the root has been checked. No input or output here; the outboard goes to a sink.
 */
package io.runnel.crypto.tree;
