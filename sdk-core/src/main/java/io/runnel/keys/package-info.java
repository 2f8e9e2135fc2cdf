/**
 * The ports through which keys and admissions come in: {@link io.runnel.keys.KeySource} gives the key of a blob,
 * {@link io.runnel.keys.SwarmAdmission} what a peer needs to enter a swarm.
 *
 * <p>Start with {@link io.runnel.keys.KeySource}. Invariant: nothing of a {@code KeySource} ever reaches a source or a
 * store.
 */
package io.runnel.keys;
