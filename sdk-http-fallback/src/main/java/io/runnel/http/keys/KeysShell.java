package io.runnel.http.keys;

import io.runnel.channel.ChannelConnector;
import io.runnel.channel.TextChannel;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.http.app.AppFault;
import io.runnel.http.keys.message.ClientMessage;
import io.runnel.http.keys.message.KeysCodec;
import io.runnel.http.keys.message.KeysProtocol;
import io.runnel.http.threads.DaemonThreads;
import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeyException;
import io.runnel.keys.SwarmTicket;
import io.runnel.sharing.SharingMode;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives a {@link KeysMachine} with a channel, a clock and futures. All state belongs to the one thread {@code
 * runnel-keys-1}; the public methods hop to it. What it calls may throw anything, an app's Error too: the channel goes on.
 */
public final class KeysShell implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeysShell.class);

    private final ChannelConnector connector;
    private final URI uri;
    private final Supplier<@Nullable SecretBytes> token;
    private final KeysMachine machine;
    private final ScheduledThreadPoolExecutor owner;
    private final Answers answers = new Answers(this::givenUp);
    private final Reading reading = new Reading();
    private final List<Runnable> whenShutOut = new ArrayList<>();
    private final List<Consumer<SharingMode>> modeListeners = new ArrayList<>();

    /** The last that was heard, on whichever connection; null where the server never said. */
    private @Nullable SharingMode mode;

    private volatile @Nullable Thread ownerThread;
    private boolean shutOut;
    /** Which connection is the current one: what an earlier one says no longer counts. */
    private int generation;

    private @Nullable TextChannel channel;
    private @Nullable ScheduledFuture<?> wake;

    /**
     * A shell that starts connecting at once.
     *
     * @param token asked before each hello, on the shell's thread; null where the app gave none
     */
    public KeysShell(
            ChannelConnector connector,
            URI uri,
            KeysMachine.Identity identity,
            Supplier<@Nullable SecretBytes> token,
            KeysLimits limits) {
        this.connector = connector;
        this.uri = uri;
        this.token = token;
        this.machine = new KeysMachine(identity, limits, new SplittableRandom(), new Effects());
        this.owner = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("keys"));
        owner.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        owner.setRemoveOnCancelPolicy(true);
        owner.execute(() -> {
            ownerThread = Thread.currentThread();
            drive(() -> machine.open(now()));
        });
    }

    /** As {@link io.runnel.keys.KeySource#grant}. */
    public CompletableFuture<BlobGrant> grant(BlobId blob) {
        CompletableFuture<BlobGrant> future = new CompletableFuture<>();
        hop(future, () -> machine.grant(answers.awaitGrant(future), blob, now()));
        return future;
    }

    /** As {@link io.runnel.keys.SwarmAdmission#ticket}. */
    public CompletableFuture<SwarmTicket> ticket(BlobId blob) {
        CompletableFuture<SwarmTicket> future = new CompletableFuture<>();
        hop(future, () -> machine.ticket(answers.awaitTicket(future), blob, now()));
        return future;
    }

    /** Calls the action once the client is shut out, at once where it already is. */
    public void onShutOut(Runnable action) {
        try {
            owner.execute(() -> {
                if (shutOut) {
                    run(action);
                } else {
                    whenShutOut.add(action);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the keys channel is closed: nobody will be shut out any more");
        }
    }

    /** As {@link io.runnel.keys.SwarmAdmission#onMode}. */
    public void onMode(Consumer<SharingMode> listener) {
        try {
            owner.execute(() -> {
                modeListeners.add(listener);
                SharingMode known = mode;
                if (known != null) {
                    tell(listener, known);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the keys channel is closed: no mode will be heard any more");
        }
    }

    private static void tell(Consumer<SharingMode> listener, SharingMode mode) {
        try {
            listener.accept(mode);
        } catch (Throwable e) {
            LOG.warn("a listener to the app server's mode failed", e);
        }
    }

    /** Asks on the owner's thread, unless nobody waits any more by then. */
    private void hop(CompletableFuture<?> future, Runnable task) {
        try {
            owner.execute(() -> {
                if (!future.isDone()) {
                    drive(task);
                }
            });
        } catch (RejectedExecutionException e) {
            future.completeExceptionally(new KeyException(KeyException.Reason.CLOSED, "the keys channel is closed"));
        }
    }

    /** From any thread. No effect on a request that was answered. */
    private void givenUp(long id) {
        try {
            owner.execute(() -> drive(() -> {
                answers.forget(id);
                machine.withdraw(id);
            }));
        } catch (RejectedExecutionException e) {
            LOG.trace("the keys channel is closed");
        }
    }

    /** Runs an input, then sets the alarm for the next tick. */
    private void drive(Runnable input) {
        try {
            input.run();
        } catch (Throwable e) {
            LOG.error("a bug in the keys channel", e);
        }
        ScheduledFuture<?> before = wake;
        if (before != null) {
            before.cancel(false);
        }
        long at = machine.nextWakeMillis();
        wake = at == Long.MAX_VALUE || owner.isShutdown()
                ? null
                : owner.schedule(
                        () -> drive(() -> machine.tick(now())), Math.max(0, at - now()), TimeUnit.MILLISECONDS);
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }

    /** Wipes all keys and ends the channel and the thread, within 2 s. Idempotent. */
    @Override
    public void close() {
        try {
            owner.execute(machine::close);
        } catch (RejectedExecutionException e) {
            return;
        }
        owner.shutdown();
        if (Thread.currentThread() == ownerThread) {
            return;
        }
        try {
            if (!owner.awaitTermination(1, TimeUnit.SECONDS)) {
                LOG.warn("the keys channel's thread is busy with an app callback and ends later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void onOwner(int of, Runnable input) {
        try {
            owner.execute(() -> {
                if (of == generation) {
                    drive(input);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.trace("the keys channel is closed");
        }
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) {
            LOG.warn("an app's action on revocation failed", e);
        }
    }

    private void opened(TextChannel opened) {
        channel = opened;
        @Nullable SecretBytes secret;
        try {
            secret = token.get();
        } catch (Throwable e) {
            LOG.warn("the app's token supplier failed", AppFault.withoutMessage(e));
            machine.noToken(
                    "the app's token supplier failed (" + e.getClass().getName() + "): the log says where", now());
            return;
        }
        if (secret == null) {
            machine.noToken("the app's token supplier gave null", now());
        } else {
            machine.connected(secret, System.currentTimeMillis(), now());
        }
    }

    /** Does what the machine says, on the owner's thread. */
    private final class Effects implements KeysEffects {
        @Override
        public void connect() {
            int mine = ++generation;
            try {
                var unused = connector
                        .connect(uri, KeysProtocol.SUBPROTOCOL, new Ears(input -> onOwner(mine, input), reading))
                        .whenComplete((opened, failure) -> {
                            if (opened == null) {
                                LOG.debug("no keys channel: {}", String.valueOf(failure));
                                onOwner(mine, () -> machine.unreachable(advice(failure), now()));
                            } else {
                                accept(mine, opened);
                            }
                        });
            } catch (Throwable e) {
                LOG.warn("the channel connector threw, or gave null for a future", AppFault.withoutMessage(e));
                String why = "the channel connector failed (" + e.getClass().getName() + "): the log says where";
                onOwner(mine, () -> machine.unreachable(why, now()));
            }
        }

        /** What a connector says, for it does so without an address or a secret; null where it breaks its word. */
        private static @Nullable String advice(@Nullable Throwable failure) {
            return failure instanceof IOException ? failure.getMessage() : null;
        }

        private void accept(int mine, TextChannel opened) {
            try {
                owner.execute(() -> {
                    if (mine == generation && !owner.isShutdown()) {
                        drive(() -> opened(opened));
                    } else {
                        end(opened, 1000, "no longer wanted");
                    }
                });
            } catch (RejectedExecutionException e) {
                end(opened, 1000, "no longer wanted");
            }
        }

        private static void end(TextChannel channel, int code, String reason) {
            try {
                channel.close(code, reason);
            } catch (Throwable e) {
                LOG.warn("a channel of the connector's threw as it was closed", AppFault.withoutMessage(e));
            }
        }

        @Override
        public void send(ClientMessage message) {
            TextChannel current = channel;
            try (message) {
                if (current != null) {
                    current.send(KeysCodec.encode(message));
                }
            } catch (Throwable e) {
                LOG.warn("a channel of the connector's threw as it was sent on", AppFault.withoutMessage(e));
                onOwner(generation, () -> {
                    disconnect(1000, "broken");
                    machine.closed(KeysMachine.BROKEN, now());
                });
            }
        }

        @Override
        public void disconnect(int code, String reason) {
            generation++;
            TextChannel current = channel;
            channel = null;
            if (current != null) {
                end(current, code, reason);
            }
        }

        @Override
        public void granted(long id, BlobGrant grant) {
            answers.granted(id, grant);
        }

        @Override
        public void admitted(long id, SwarmTicket ticket) {
            answers.admitted(id, ticket);
        }

        @Override
        public void refused(long id, KeyException refusal) {
            answers.refused(id, refusal);
        }

        @Override
        public void mode(SharingMode wanted) {
            mode = wanted;
            modeListeners.forEach(listener -> tell(listener, wanted));
        }

        @Override
        public void shutOut() {
            shutOut = true;
            whenShutOut.forEach(KeysShell::run);
            whenShutOut.clear();
        }
    }

    /** What one connection says, on the owner's thread. */
    private final class Reading implements Ears.Reader {
        @Override
        public void message(String text) {
            machine.message(text, now());
        }

        @Override
        public void flooded() {
            machine.flooded(now());
        }

        @Override
        public void closed(int code) {
            channel = null;
            machine.closed(code, now());
        }
    }
}
