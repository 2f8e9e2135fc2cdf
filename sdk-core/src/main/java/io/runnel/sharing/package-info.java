/**
 * What a client does with its peers, and what it gives them: the mode, the upload policy and the record of the month's
 * uploads.
 *
 * <p>Start with {@link io.runnel.sharing.SharingControl}, which an app hands to its swarm and changes at any time.
 * Invariants: nothing is uploaded without consent; of two modes the stricter one holds; where it is in doubt whether
 * something may be uploaded, it is not. Who gets how much of what may be uploaded is decided in the swarm, not here.
 */
package io.runnel.sharing;
