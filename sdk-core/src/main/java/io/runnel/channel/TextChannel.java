package io.runnel.channel;

/** An open text message channel. Every method may be called from any thread and returns at once. */
public interface TextChannel {
    /** The longest message either way, in bytes of UTF-8. */
    int MAX_MESSAGE_BYTES = 1 << 16;

    /**
     * Sends a message, in order. Does nothing after the end.
     *
     * @throws IllegalArgumentException if the message is longer than {@link #MAX_MESSAGE_BYTES}
     */
    void send(String text);

    /** Closes with this code; the listener hears {@code closed} with the same. Idempotent. */
    void close(int code, String reason);
}
