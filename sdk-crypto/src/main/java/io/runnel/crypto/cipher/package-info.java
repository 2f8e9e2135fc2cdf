/**
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): whole messages, blobs as they stream by, and ranges of a blob.
 *
 * <p>Start with {@link io.runnel.crypto.cipher.BlobEncryptor} and {@link io.runnel.crypto.cipher.RangeCipher}. A range is
 * decrypted without its tag, so only bytes already verified against the blob's tree may be given to it. Bulk ChaCha20
 * comes from one of several providers behind {@code ChaCha20}. Invariant: keys derived here live in arrays that
 * {@code close} wipes.
 */
package io.runnel.crypto.cipher;
