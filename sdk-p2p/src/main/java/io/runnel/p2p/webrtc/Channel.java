package io.runnel.p2p.webrtc;

import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCDataChannelState;
import io.runnel.p2p.transport.PeerLink;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The data channel of a link. Its fields are owned by the factory's thread; what is called by native threads says so. */
final class Channel implements NativeThread.Sender {
    private final RTCDataChannel handle;
    private final Factory factory;
    private final PeerLink.Listener listener;
    private final Executor hop;
    private final Consumer<String> end;
    private final Observer observer = new Observer(this);
    private final SendBuffer buffer = new SendBuffer();
    private final ArrayDeque<List<ByteBuffer>> outgoing = new ArrayDeque<>();
    private boolean open;

    /** What came before the listener heard that the channel is open; null from then on. */
    private @Nullable EarlyMessages early = new EarlyMessages();

    private boolean flooded;

    /** Why a message was lost, and the link is of no use any more. */
    private volatile @Nullable Throwable loss;

    /** Made before it is needed: there may be no memory then. */
    private final Runnable endLost = this::endLost;

    /**
     * @param hop runs a task on the factory's thread unless the link has ended
     * @param end ends the link; takes the reason
     */
    Channel(RTCDataChannel handle, Factory factory, PeerLink.Listener listener, Executor hop, Consumer<String> end) {
        this.handle = handle;
        this.factory = factory;
        this.listener = listener;
        this.hop = hop;
        this.end = end;
    }

    void start() {
        handle.registerObserver(observer);
        look();
    }

    /** Queues a message; whether it is worth polling. */
    boolean queue(List<ByteBuffer> parts) {
        if (open) {
            outgoing.add(parts);
        }
        return open;
    }

    @Override
    public long pump() {
        if (!open) {
            return NOTHING_LEFT;
        }
        long handedOver = 0;
        long buffered;
        try {
            buffered = outgoing.isEmpty() ? 0 : handle.getBufferedAmount();
            buffer.drainedTo(buffered, System.nanoTime());
            while (!outgoing.isEmpty() && buffered < buffer.limit()) {
                ByteBuffer whole = join(outgoing.remove());
                int size = whole.remaining();
                handle.send(new RTCDataChannelBuffer(whole, true));
                buffered += size;
                handedOver += size;
                buffer.added(size);
            }
        } catch (Exception e) {
            end.accept("sending failed: " + e.getClass().getSimpleName());
            return NOTHING_LEFT;
        }
        if (handedOver > 0) {
            listener.handedOver(handedOver);
        }
        return outgoing.isEmpty() ? NOTHING_LEFT : buffer.refillNanos(buffered);
    }

    /** The parts in one direct buffer; it is sent up to its capacity, whatever its limit says, so it is a slice. */
    private ByteBuffer join(List<ByteBuffer> parts) {
        ByteBuffer message = factory.thread().scratch();
        for (ByteBuffer part : parts) {
            message.put(part.duplicate());
        }
        return message.slice(0, message.position());
    }

    /** Frees the native channel; nothing native is touched afterwards. */
    void close() {
        open = false;
        outgoing.clear();
        observer.channel = null;
        handle.unregisterObserver();
        handle.close();
        handle.dispose();
    }

    private void look() {
        RTCDataChannelState state = handle.getState();
        if (state == RTCDataChannelState.OPEN && !open) {
            open = true;
            listener.opened();
            deliverEarly();
        } else if (state == RTCDataChannelState.CLOSED) {
            end.accept("closed by the other side");
        }
    }

    private synchronized void deliverEarly() {
        EarlyMessages waiting = early;
        early = null;
        if (waiting != null) {
            waiting.all().forEach(listener::received);
        }
    }

    private synchronized void deliver(ByteBuffer copy) {
        if (early == null) {
            listener.received(copy);
        } else if (!early.add(copy) && !flooded) {
            flooded = true;
            hop.execute(() -> end.accept("sent far more than anyone does before it is open"));
        }
    }

    /** On a native thread: copies and hands on. Throws nothing: what native code is thrown ends the process. */
    private void received(ByteBuffer message) {
        if (loss == null) {
            try {
                take(message);
                return;
            } catch (RuntimeException | Error e) {
                loss = e;
            }
        }
        try {
            hop.execute(endLost);
        } catch (OutOfMemoryError e) {
            // The next message tries again.
        }
    }

    private void endLost() {
        Throwable why = loss;
        if (why != null) {
            end.accept("a message could not be taken: " + why.getClass().getSimpleName());
        }
    }

    private void take(ByteBuffer message) {
        factory.countReceived();
        ByteBuffer copy = ByteBuffer.allocate(message.remaining());
        copy.put(message).flip();
        deliver(copy);
    }

    /**
     * What the library calls, on native threads. It keeps a registered observer for ever, even after the channel was
     * disposed, so this one lets go of the channel, and of all that hangs on it, when the channel closes.
     */
    private static final class Observer implements RTCDataChannelObserver {
        private volatile @Nullable Channel channel;

        Observer(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void onBufferedAmountChange(long previousAmount) {
            // Does not come as a low-water event; the thread polls.
        }

        @Override
        public void onStateChange() {
            Channel live = channel;
            if (live != null) {
                live.hop.execute(live::look);
            }
        }

        @Override
        public void onMessage(RTCDataChannelBuffer buffer) {
            Channel live = channel;
            if (live != null) {
                live.received(buffer.data);
            }
        }
    }
}
