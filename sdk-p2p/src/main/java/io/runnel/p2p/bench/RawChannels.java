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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends and counts messages of 128 KiB over data channels between processes, with no protocol, disk or verification on
 * top: the most a fetch over the same connections could reach. Each channel has a connection of its own, as each peer
 * has.
 *
 * <p>The sending process calls {@link #serve} on its standard input and output; the receiving process starts it, and
 * calls {@link #connect} with the other ends, then {@link #receive} as often as it likes. Descriptions travel there as one
 * line of base64 each, unsigned: this is for one's own machine. A receiver is for one thread.
 */
public final class RawChannels implements AutoCloseable {
    /** Length of every message in bytes. */
    public static final int MESSAGE_BYTES = 1 << 17;

    private static final long SETUP_SECONDS = 20;
    private static final long RECEIVE_SECONDS = 600;

    /**
     * A way to one sending process.
     *
     * @param in what it prints
     * @param out what it reads
     */
    public record Sender(BufferedReader in, PrintWriter out) {}

    private final WebRtcTransport transport = new WebRtcTransport(List.of());
    private final List<RawSink> sinks = new ArrayList<>();
    private final long bytes;

    private RawChannels(long bytes) {
        this.bytes = bytes;
    }

    /**
     * Answers every offer line on {@code in} and sends {@code bytes} over its channel each time it is asked to. Returns
     * when {@code in} ends.
     *
     * @param bytes for each channel, rounded up to whole messages
     */
    public static void serve(BufferedReader in, PrintWriter out, long bytes) throws IOException {
        try (WebRtcTransport transport = new WebRtcTransport(List.of())) {
            String line = in.readLine();
            while (line != null) {
                RawSource source = new RawSource(bytes, out);
                source.link.complete(transport.answer(decode(line), source));
                line = in.readLine();
            }
        }
    }

    /**
     * Opens one channel to each sender (name one twice for two channels).
     *
     * @param bytes for each channel, as given to {@link #serve}
     * @throws IOException if a channel does not open
     */
    public static RawChannels connect(List<Sender> senders, long bytes) throws IOException, InterruptedException {
        RawChannels channels = new RawChannels(bytes);
        try {
            for (Sender sender : senders) {
                channels.add(sender);
            }
            return channels;
        } catch (IOException | InterruptedException | RuntimeException e) {
            channels.close();
            throw e;
        }
    }

    private void add(Sender sender) throws IOException, InterruptedException {
        RawSink sink = new RawSink();
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

    /**
     * Receives what every sender sends, from all at once. The first time, both sides' code is not compiled yet and the
     * channels find their pace.
     *
     * @return millions of bytes a second over all channels, from the moment the first is asked to the last message
     * @throws IOException if a channel ends early
     */
    public double receive() throws IOException, InterruptedException {
        List<CompletableFuture<Boolean>> finished =
                sinks.stream().map(sink -> sink.expect(messages(bytes))).toList();
        long start = System.nanoTime();
        sinks.forEach(sink -> sink.link.join().send(List.of(ByteBuffer.allocate(1))));
        for (CompletableFuture<Boolean> each : finished) {
            await(each, RECEIVE_SECONDS);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return sinks.size() * (double) messages(bytes) * MESSAGE_BYTES / 1e6 / seconds;
    }

    /** Closes the channels. Idempotent. */
    @Override
    public void close() {
        transport.close();
    }

    static long messages(long bytes) {
        return (bytes + MESSAGE_BYTES - 1) / MESSAGE_BYTES;
    }

    private static <T> T await(CompletableFuture<T> future, long seconds) throws IOException, InterruptedException {
        try {
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("a channel did not open, or ended early", e);
        }
    }

    static String encode(String description) {
        return Base64.getEncoder().encodeToString(description.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String line) {
        return new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
    }
}
