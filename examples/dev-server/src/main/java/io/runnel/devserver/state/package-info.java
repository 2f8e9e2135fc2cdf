/**
 * What a dev server keeps on disk besides the catalog: secrets, tokens, clients, revocations.
 *
 * <p>Start with {@link io.runnel.devserver.state.StateFolder}. Invariants: files are replaced whole; every file is
 * readable by its owner only; tokens of listed clients are kept as hashes.
 */
package io.runnel.devserver.state;
