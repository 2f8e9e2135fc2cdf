package io.runnel.p2p;

import io.runnel.channel.ChannelConnector;
import io.runnel.channel.TextChannel;
import io.runnel.p2p.signalling.message.ClientMessage;
import io.runnel.p2p.signalling.message.MalformedMessageException;
import io.runnel.p2p.signalling.message.ServerMessage;
import io.runnel.p2p.signalling.message.SwarmCodec;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channel to the tracker: messages instead of text, and everything on the loop. One at a time. */
final class TrackerChannel {
    private static final Logger LOG = LoggerFactory.getLogger(TrackerChannel.class);
    private static final int NORMAL = 1000;

    /** What the loop has not come to, in characters; a tracker in good faith sends far less. */
    private static final int MAX_WAITING_CHARS = 4 << 20;

    /** What a waiting message takes beside its characters. */
    private static final int MESSAGE_CHARS = 512;

    /** Hears of the channel; on the loop. */
    interface Host {
        void trackerOpened();

        void trackerSaid(ServerMessage message);

        /** What came is no message. */
        void trackerSaidNonsense();

        /** More came than the loop gets done; messages are missing from now on. */
        void trackerFlooded();

        /** It ended, or could not be opened. */
        void trackerClosed();
    }

    private final URI address;
    private final ChannelConnector connector;
    private final OwnerLoop loop;
    private final Host host;
    private @Nullable TextChannel channel;

    /** Hears of the channel there is, or is to be; of one that has ended nothing is heard any more. */
    private @Nullable Listener current;

    private boolean closed;

    /** Whether it was said that the tracker cannot be reached, since it last could. */
    private boolean complained;

    TrackerChannel(URI address, ChannelConnector connector, OwnerLoop loop, Host host) {
        this.address = address;
        this.connector = connector;
        this.loop = loop;
        this.host = host;
    }

    void connect() {
        Listener listener = new Listener();
        current = listener;
        CompletableFuture<?> unused = opening(listener)
                .whenComplete((opened, failure) -> loop.execute(() -> {
                    if (opened != null) {
                        listener.opened(opened);
                    } else {
                        complain(failure);
                        ended(listener);
                    }
                }));
    }

    /** What a connector of the app's must not do, throw or give null, is a failure to connect too. */
    private CompletableFuture<TextChannel> opening(Listener listener) {
        try {
            CompletableFuture<TextChannel> opening = connector.connect(address, SwarmProtocol.SUBPROTOCOL, listener);
            return Objects.requireNonNull(opening, "it gave null");
        } catch (Throwable broken) {
            // Of any kind: Kotlin, for one, does not check exceptions.
            return CompletableFuture.failedFuture(broken);
        }
    }

    /**
     * What a connector says names no address and no secret, and says what to do.
     *
     * @param failure null where it opened no channel and did not say why
     */
    private void complain(@Nullable Throwable failure) {
        String why;
        if (failure instanceof IOException) {
            why = failure.getMessage();
        } else {
            String what = failure == null ? "null" : failure.getClass().getSimpleName();
            why = "the connector, or its channel, breaks its contract (" + what + ")";
        }
        if (complained || closed) {
            LOG.debug("the tracker cannot be reached: {}", why);
        } else {
            complained = true;
            LOG.warn("the tracker cannot be reached, and will be tried again: {}", why);
        }
    }

    void say(ClientMessage message) {
        if (channel == null) {
            return;
        }
        String text = SwarmCodec.write(message);
        try {
            channel.send(text);
        } catch (Throwable broken) {
            // Of any kind, as above. Whoever says something now hears of the end later.
            complain(broken);
            disconnect(NORMAL, "client cannot send");
            Listener ending = Objects.requireNonNull(current);
            loop.execute(() -> ended(ending));
        }
    }

    void disconnect(int code, String reason) {
        if (channel != null) {
            close(channel, code, reason);
        }
    }

    private static void close(TextChannel channel, int code, String reason) {
        try {
            channel.close(code, reason);
        } catch (Throwable broken) {
            // Of any kind, as above.
            LOG.warn(
                    "a channel of the connector's threw as it was closed: {}",
                    broken.getClass().getName());
        }
    }

    /** For good: the host hears nothing more. */
    void close() {
        closed = true;
        disconnect(NORMAL, "client closed");
    }

    private void ended(Listener ending) {
        if (ending != current) {
            return;
        }
        current = null;
        channel = null;
        if (!closed) {
            host.trackerClosed();
        }
    }

    /** Hops from the connector's threads. What comes before the channel is known here waits for it. */
    private final class Listener implements ChannelConnector.Listener {
        private final List<Runnable> early = new ArrayList<>();
        private final AtomicLong waitingChars = new AtomicLong();
        private boolean open;

        /** Belongs to whoever calls {@link #message}. */
        private boolean flooded;

        void opened(TextChannel made) {
            if (closed) {
                close(made, NORMAL, "client closed");
                return;
            }
            open = true;
            channel = made;
            complained = false;
            host.trackerOpened();
            early.forEach(Runnable::run);
            early.clear();
        }

        private void inOrder(Runnable task) {
            loop.execute(() -> {
                if (open) {
                    task.run();
                } else {
                    early.add(task);
                }
            });
        }

        @Override
        public void message(String text) {
            int size = text.length() + MESSAGE_CHARS;
            if (flooded) {
                return;
            }
            if (waitingChars.addAndGet(size) > MAX_WAITING_CHARS) {
                flooded = true;
                inOrder(this::flooded);
                return;
            }
            inOrder(() -> {
                waitingChars.addAndGet(-size);
                if (!closed && this == current) {
                    read(text);
                }
            });
        }

        private void flooded() {
            if (!closed && this == current) {
                LOG.debug("the tracker sends more than can be read");
                host.trackerFlooded();
            }
        }

        private void read(String text) {
            ServerMessage message;
            try {
                message = SwarmCodec.readServer(text);
            } catch (MalformedMessageException e) {
                LOG.debug("tracker sent a malformed message: {}", e.getMessage());
                host.trackerSaidNonsense();
                return;
            }
            host.trackerSaid(message);
        }

        @Override
        public void closed(int code, String reason) {
            inOrder(() -> {
                LOG.debug("tracker channel ended with code {}", code);
                ended(this);
            });
        }
    }
}
