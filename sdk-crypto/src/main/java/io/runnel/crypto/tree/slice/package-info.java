/**
 * Proofs that travel with the bytes they prove, in Bao's order: slices of a blob, the proof of its size, and a single
 * group with its path. With group log 0 they are Bao's own format, bit for bit; a slice of everything is Bao's combined
 * encoding.
 *
 * <p>Start with {@link io.runnel.crypto.tree.slice.SliceEncoder} and {@link io.runnel.crypto.tree.slice.SliceDecoder}.
 * They serve other tools and single small ranges; fetching proves whole windows instead, which is faster. Invariant: the
 * decoder hands out no byte that is not verified.
 */
package io.runnel.crypto.tree.slice;
