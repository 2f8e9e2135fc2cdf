/**
 * TLS for clients: builds Netty's context from what the app trusts.
 *
 * <p>Start with {@link io.runnel.http.tls.ClientTls}. Invariants: the peer's chain is always validated against trusted
 * certificates and its name against the host; pins only narrow that. Not exported.
 */
package io.runnel.http.tls;
