package io.runnel.p2p.bench;

import io.runnel.p2p.transport.PeerLink;
import io.runnel.p2p.webrtc.WebRtcTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sends and counts messages of 128 KiB over data channels between processes, with no protocol, disk or verification on
 * top: the most a fetch over the same connections could reach. Each channel has a connection of its own, as each peer
 * has.
 *
 * <p>The sending process calls {@link #serve} on its standard input and output; the receiving process starts it, and
 * calls {@link #receive} with the other ends. Descriptions travel there as one line of base64 each, unsigned: this is for
 * one's own machine.
 */
public final class RawChannels {
    /** Length of every message in bytes. */
    public static final int MESSAGE_BYTES = 1 << 17;

    private static final long QUEUED_BYTES = 1 << 20;
    private static final long SETUP_SECONDS = 20;
    private static final long RECEIVE_SECONDS = 600;

    /**
     * A way to one sending process.
     *
     * @param in what it prints
     * @param out what it reads
     */
    public record Sender(BufferedReader in, PrintWriter out) {}

    private RawChannels() {}

    /**
     * Answers every offer line on {@code in} and sends {@code bytes} over its channel once it is asked to. Returns when
     * {@code in} ends.
     *
     * @param bytes for each channel, rounded up to whole messages
     */
    public static void serve(BufferedReader in, PrintWriter out, long bytes) throws IOException {
        try (WebRtcTransport transport = new WebRtcTransport(List.of())) {
            String line = in.readLine();
            while (line != null) {
                Source source = new Source(bytes, out);
                source.link.complete(transport.answer(decode(line), source));
                line = in.readLine();
            }
        }
    }

    /**
     * Opens one channel to each sender (name one twice for two channels) and receives from all at once.
     *
     * @param bytes for each channel, as given to {@link #serve}
     * @return millions of bytes a second over all channels, from the moment the first asks to the last message
     * @throws IOException if a channel does not open, or ends early
     */
    public static double receive(List<Sender> senders, long bytes) throws IOException, InterruptedException {
        try (WebRtcTransport transport = new WebRtcTransport(List.of())) {
            List<Sink> sinks = new ArrayList<>();
            for (Sender sender : senders) {
                Sink sink = new Sink(bytes);
                PeerLink link = transport.offer(sink);
                sender.out().println(encode(await(sink.description, SETUP_SECONDS)));
                sender.out().flush();
                String answer = sender.in().readLine();
                if (answer == null) {
                    throw new IOException("the sending process ended before it answered");
                }
                link.answered(decode(answer));
                await(sink.opened, SETUP_SECONDS);
                sink.link.complete(link);
                sinks.add(sink);
            }
            long start = System.nanoTime();
            sinks.forEach(sink -> sink.link.join().send(List.of(ByteBuffer.allocate(1))));
            for (Sink sink : sinks) {
                await(sink.finished, RECEIVE_SECONDS);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            return senders.size() * (double) messages(bytes) * MESSAGE_BYTES / 1e6 / seconds;
        }
    }

    private static long messages(long bytes) {
        return (bytes + MESSAGE_BYTES - 1) / MESSAGE_BYTES;
    }

    private static <T> T await(CompletableFuture<T> future, long seconds) throws IOException, InterruptedException {
        try {
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("a channel did not open, or ended early", e);
        }
    }

    private static String encode(String description) {
        return Base64.getEncoder().encodeToString(description.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String line) {
        return new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
    }

    /** The sending end of a channel. */
    private static final class Source implements PeerLink.Listener {
        private final CompletableFuture<PeerLink> link = new CompletableFuture<>();
        private final ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
        private final AtomicLong left;
        private final AtomicLong queued = new AtomicLong();
        private final PrintWriter out;

        Source(long bytes, PrintWriter out) {
            this.left = new AtomicLong(messages(bytes));
            this.out = out;
        }

        @Override
        public void described(String description) {
            out.println(encode(description));
            out.flush();
        }

        @Override
        public void received(ByteBuffer go) {
            fill();
        }

        @Override
        public void handedOver(long bytes) {
            queued.addAndGet(-bytes);
            fill();
        }

        private synchronized void fill() {
            while (queued.get() < QUEUED_BYTES && left.get() > 0) {
                left.decrementAndGet();
                queued.addAndGet(MESSAGE_BYTES);
                link.join().send(List.of(message.duplicate()));
            }
        }

        @Override
        public void opened() {
            // Waits to be asked.
        }

        @Override
        public void wornOut() {
            // The run ends before it matters.
        }

        @Override
        public void closed(String why) {
            left.set(0);
        }
    }

    /** The receiving end of a channel. */
    private static final class Sink implements PeerLink.Listener {
        private final CompletableFuture<String> description = new CompletableFuture<>();
        private final CompletableFuture<Boolean> opened = new CompletableFuture<>();
        private final CompletableFuture<Boolean> finished = new CompletableFuture<>();
        private final CompletableFuture<PeerLink> link = new CompletableFuture<>();
        private final CountDownLatch left;

        Sink(long bytes) {
            left = new CountDownLatch((int) messages(bytes));
        }

        @Override
        public void described(String own) {
            description.complete(own);
        }

        @Override
        public void opened() {
            opened.complete(true);
        }

        @Override
        public void received(ByteBuffer message) {
            left.countDown();
            if (left.getCount() == 0) {
                finished.complete(true);
            }
        }

        @Override
        public void handedOver(long bytes) {
            // Sends one message only.
        }

        @Override
        public void wornOut() {
            // The run ends before it matters.
        }

        @Override
        public void closed(String why) {
            IOException failure = new IOException("channel closed: " + why);
            description.completeExceptionally(failure);
            opened.completeExceptionally(failure);
            finished.completeExceptionally(failure);
        }
    }
}
