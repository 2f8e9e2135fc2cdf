package io.runnel.http.keys.message;

/** A message of the keys channel, either way. Its text form shows no secret. */
public sealed interface KeysMessage extends AutoCloseable permits ClientMessage, ServerMessage {
    /** Wipes the secrets the message holds; nothing where it holds none. Idempotent. */
    @Override
    default void close() {}
}
