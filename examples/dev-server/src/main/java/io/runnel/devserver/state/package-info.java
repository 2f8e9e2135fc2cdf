/**
 * What a dev server keeps on disk besides the catalog: secrets, tokens, clients, revocations.
 *
 * <p>Start with {@link io.runnel.devserver.state.StateFolder}. Invariants: files are replaced whole; the folder is closed
 * to everybody but its owner, and every file made here is its owner's only (0600); tokens of listed clients are kept as
 * hashes.
 */
package io.runnel.devserver.state;
