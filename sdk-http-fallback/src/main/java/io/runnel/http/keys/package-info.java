/**
 * The client of the keys channel.
 *
 * <p>Start with {@link io.runnel.http.keys.KeysMachine}, which is pure: it has no clock, socket or thread, and is driven
 * by {@link io.runnel.http.keys.KeysShell} on one thread. {@code GrantDesk} and {@code SwarmDesk} hold what was asked for
 * and not answered yet. Invariants: every request is answered once, or withdrawn; keys are wiped before anyone hears of a
 * revocation; nothing is kept without a bound. Not exported.
 */
package io.runnel.http.keys;
