/**
 * Values every other package speaks of: the name of a blob, secret bytes, and the one exception for forged input.
 *
 * <p>Start with {@link io.runnel.crypto.BlobId}. Nothing here does cryptography; the algorithms are in the sibling
 * packages. Invariant: no secret leaves a {@link io.runnel.crypto.SecretBytes} except through {@code read}.
 */
package io.runnel.crypto;
