/**
 * Where proven ciphertext is kept: the port {@link io.runnel.store.BlobStore} and its two implementations, in memory and
 * on disk.
 *
 * <p>Start with {@link io.runnel.store.StoredBlob}. Invariants: only proven bytes are handed in, and no plaintext and no
 * key ever is; every name on disk derives from a blob id.
 */
package io.runnel.store;
