/**
 * The ports through which chunk groups come in and go out: {@link io.runnel.source.SourceProvider} finds
 * {@link io.runnel.source.BlobSource}s, {@link io.runnel.source.SharedBlob} is what may be served to others.
 *
 * <p>Start with {@link io.runnel.source.BlobSource}. Invariants: nothing here names HTTP, WebRTC or a URL; ciphertext
 * only; all that comes from a source is unproven. What proves it is the engine, not this package.
 */
package io.runnel.source;
