/**
 * What an app hands to the Runnel builder: {@link io.runnel.http.HttpOrigin}, a source of blobs, and
 * {@link io.runnel.http.TlsWebSocketConnector}, which opens text channels. Everything runs over TLS as
 * {@link io.runnel.http.TlsSettings} says.
 *
 * <p>Start with {@link io.runnel.http.TlsSettings}. Invariants: no type of Netty, Reactor or Jackson appears in a public
 * signature; there is no way to accept a certificate that is not trusted or a name that does not match; a token is never
 * logged and never follows a redirect to another origin. How it is done is in the sibling packages, which are not
 * exported and know nothing of this one.
 */
package io.runnel.http;
