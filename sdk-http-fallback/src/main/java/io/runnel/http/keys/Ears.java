package io.runnel.http.keys;

import io.runnel.channel.ChannelConnector;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/** Brings what one connection says to its owner's thread, in order, and bounds what waits there. */
final class Ears implements ChannelConnector.Listener {
    /** What the owner has not come to, in characters; a server in good faith sends far less. */
    static final int MAX_WAITING_CHARS = 4 << 20;

    /** What a waiting message takes beside its characters. */
    private static final int MESSAGE_CHARS = 512;

    /** Hears the same on the owner's thread. */
    interface Reader {
        void message(String text);

        /** More came than the owner gets done; messages are missing from now on. */
        void flooded();

        void closed(int code);
    }

    private final Executor owner;
    private final Reader reader;
    private final AtomicLong waitingChars = new AtomicLong();

    /** Belongs to whoever calls {@link #message}, one call at a time. */
    private boolean flooded;

    /** @param owner runs what it is given on the owner's thread, as long as this connection counts */
    Ears(Executor owner, Reader reader) {
        this.owner = owner;
        this.reader = reader;
    }

    @Override
    public void message(String text) {
        int size = text.length() + MESSAGE_CHARS;
        if (flooded) {
            return;
        }
        if (waitingChars.addAndGet(size) > MAX_WAITING_CHARS) {
            flooded = true;
            owner.execute(reader::flooded);
            return;
        }
        owner.execute(() -> {
            waitingChars.addAndGet(-size);
            reader.message(text);
        });
    }

    @Override
    public void closed(int code, String reason) {
        owner.execute(() -> reader.closed(code));
    }
}
