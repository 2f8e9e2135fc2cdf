/**
 * Text channels as websockets over TLS, on Netty.
 *
 * <p>Start with {@link io.runnel.http.websocket.WebSocketClient}. Invariants: no channel without TLS, a checked host
 * name and the subprotocol asked for; no message over 64 KiB either way; a listener hears {@code closed} exactly once.
 * Reconnecting does not belong here. Not exported.
 */
package io.runnel.http.websocket;
