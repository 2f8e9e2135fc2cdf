/**
 * BLAKE3 of short inputs in its three modes, for key derivation, commitments and names.
 *
 * <p>Start with {@link io.runnel.crypto.hash.Blake3}. Bulk hashing of blobs belongs to the tree package.
 */
package io.runnel.crypto.hash;
