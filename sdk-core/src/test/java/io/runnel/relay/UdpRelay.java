package io.runnel.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ports in front of UDP sockets of this machine. What is sent to such a port reaches the socket behind it, from a port
 * that stands for the sender, and answers go the same way back: as through a NAT.
 */
public final class UdpRelay implements AutoCloseable {
    /** Datagrams on their way; more are dropped, as a router drops them. */
    private static final int MAX_QUEUED = 4096;

    private static final int MAX_SENDERS = 64;
    private static final int MAX_DATAGRAM_BYTES = 1 << 16;

    private final Selector selector;
    private final SplittableRandom random;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Underway> underway = new PriorityQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(MAX_DATAGRAM_BYTES);
    private final Thread thread = new Thread(this::run, "udp-relay");
    private volatile Line line = Line.perfect();
    private volatile boolean cut;
    private volatile boolean closed;
    private final AtomicLong passedBytes = new AtomicLong();
    private final AtomicLong seen = new AtomicLong();
    private long count;

    /** A datagram that arrives at a moment; the order of those of one moment is that of sending. */
    private record Underway(long dueNanos, long number, DatagramChannel out, InetSocketAddress to, ByteBuffer bytes)
            implements Comparable<Underway> {
        @Override
        public int compareTo(Underway other) {
            int byTime = Long.compare(dueNanos - other.dueNanos, 0);
            return byTime == 0 ? Long.compare(number, other.number) : byTime;
        }
    }

    /** A relay without ports. */
    public UdpRelay(long seed) {
        this.random = new SplittableRandom(seed);
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread.setDaemon(true);
        thread.start();
    }

    /** How it is from now on. */
    public void line(Line now) {
        line = now;
    }

    /** Lets nothing through any more, in either direction. */
    public void cut() {
        cut = true;
    }

    /** Lets everything through again. */
    public void mend() {
        cut = false;
    }

    /** Bytes of datagrams that came out at the other side. */
    public long passedBytes() {
        return passedBytes.get();
    }

    /** Datagrams that came in, lost ones too. */
    public long seen() {
        return seen.get();
    }

    /** A port in front of a socket, at the same address. */
    public InetSocketAddress inFrontOf(InetSocketAddress target) {
        CompletableFuture<InetSocketAddress> port = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                port.complete(new Front(target).address());
            } catch (IOException e) {
                port.completeExceptionally(e);
            }
        });
        selector.wakeup();
        return port.join();
    }

    private DatagramChannel bind(InetSocketAddress beside, Receiver receiver) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(beside.getAddress(), 0));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, receiver);
        return channel;
    }

    private void run() {
        try (selector) {
            while (!closed) {
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                Underway next = underway.peek();
                long wait = next == null ? TimeUnit.SECONDS.toNanos(1) : next.dueNanos() - System.nanoTime();
                if (wait <= 0) {
                    selector.selectNow(this::receive);
                } else {
                    selector.select(this::receive, Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait)));
                }
                deliver();
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void receive(SelectionKey key) {
        DatagramChannel channel = (DatagramChannel) key.channel();
        try {
            for (var from = channel.receive(buffer.clear()); from != null; from = channel.receive(buffer.clear())) {
                ByteBuffer bytes = ByteBuffer.allocate(buffer.flip().remaining())
                        .put(buffer)
                        .flip();
                ((Receiver) key.attachment()).received((InetSocketAddress) from, bytes);
                seen.incrementAndGet();
            }
        } catch (IOException e) {
            // An answer of the system that nobody listens there: to the sender the datagram is lost.
        }
    }

    private void pass(Line.Way way, DatagramChannel out, InetSocketAddress to, ByteBuffer bytes) {
        Line now = line;
        boolean lost = now.loss() > 0 && random.nextDouble() < now.loss();
        if (!lost && !cut && underway.size() < MAX_QUEUED) {
            underway.add(new Underway(way.arrival(now, bytes.remaining(), System.nanoTime()), count++, out, to, bytes));
        }
    }

    private void deliver() {
        for (Underway next = underway.peek();
                next != null && next.dueNanos() - System.nanoTime() <= 0;
                next = underway.peek()) {
            underway.remove();
            try {
                if (!cut) {
                    passedBytes.addAndGet(next.out().send(next.bytes(), next.to()));
                }
            } catch (IOException e) {
                // Lost.
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Receiver {
        void received(InetSocketAddress from, ByteBuffer bytes) throws IOException;
    }

    /** The port that others see. */
    private final class Front implements Receiver {
        private final InetSocketAddress target;
        private final DatagramChannel channel;
        private final Line.Way there = new Line.Way();
        private final Line.Way back = new Line.Way();
        private final Map<InetSocketAddress, DatagramChannel> standIns = new HashMap<>();

        Front(InetSocketAddress target) throws IOException {
            this.target = target;
            this.channel = bind(target, this);
        }

        InetSocketAddress address() throws IOException {
            return (InetSocketAddress) channel.getLocalAddress();
        }

        @Override
        public void received(InetSocketAddress from, ByteBuffer bytes) throws IOException {
            DatagramChannel standIn = standIns.get(from);
            if (standIn == null) {
                if (standIns.size() == MAX_SENDERS) {
                    return;
                }
                standIn = bind(target, (answering, answer) -> pass(back, channel, from, answer));
                standIns.put(from, standIn);
            }
            pass(there, standIn, target, bytes);
        }
    }
}
