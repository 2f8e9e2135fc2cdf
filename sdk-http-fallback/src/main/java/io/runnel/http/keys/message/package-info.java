/**
 * The messages of the keys channel ({@code /cdn/keys/v1}) and their one codec, used by client and server alike.
 *
 * <p>Start with {@link io.runnel.http.keys.message.KeysCodec}; the messages are the records inside
 * {@link io.runnel.http.keys.message.ClientMessage} and {@link io.runnel.http.keys.message.ServerMessage}. Invariants: a
 * message that exists is valid; what is not exactly a valid message is refused whole; no secret is ever printed. No
 * input, output, thread or clock belongs here.
 */
package io.runnel.http.keys.message;
