package io.runnel.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToLongFunction;

/** A port on loopback in front of a TCP server of this machine. */
public final class TcpRelay implements AutoCloseable {
    private static final int CHUNK_BYTES = 16 << 10;
    /** On their way in one direction of one connection; the sender is not read from beyond that. */
    private static final int MAX_QUEUED_BYTES = 1 << 20;

    private static final int MAX_CONNECTIONS = 64;

    private final InetSocketAddress target;
    private final Selector selector;
    private final ServerSocketChannel listening;
    private final int port;
    private final List<Connection> connections = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "tcp-relay");
    private volatile Line line = Line.perfect();
    private volatile IntToLongFunction limits = number -> Long.MAX_VALUE;
    private volatile int silentBelow;
    private volatile boolean cut;
    private volatile boolean closed;
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicLong passedBytes = new AtomicLong();

    /** In front of {@code localhost} at this port. */
    public TcpRelay(int targetPort) {
        try {
            this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
            this.selector = Selector.open();
            this.listening =
                    ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            this.port = ((InetSocketAddress) listening.getLocalAddress()).getPort();
            listening.configureBlocking(false);
            listening.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread.setDaemon(true);
        thread.start();
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** How it is from now on. */
    public void line(Line now) {
        line = now;
    }

    /**
     * Resets connections after a number of bytes has come from the server.
     *
     * @param bytesOf the number for a connection, the first of which is 0
     */
    public void limits(IntToLongFunction bytesOf) {
        limits = bytesOf;
    }

    /** Nothing passes on the connections there are, which stay open; new ones are well. */
    public void silence() {
        silentBelow = opened.get();
        selector.wakeup();
    }

    /** Resets all connections, and new ones as they come. */
    public void cut() {
        cut = true;
        selector.wakeup();
    }

    /** Takes connections again. */
    public void mend() {
        cut = false;
    }

    /** Connections that were let through so far. */
    public int opened() {
        return opened.get();
    }

    /** Connections that came while it was cut. */
    public int refused() {
        return refused.get();
    }

    /** Bytes that reached the clients. */
    public long passedBytes() {
        return passedBytes.get();
    }

    private void run() {
        try (selector;
                listening) {
            while (!closed) {
                long now = System.nanoTime();
                long wait = TimeUnit.SECONDS.toNanos(1);
                for (Connection each : List.copyOf(connections)) {
                    wait = Math.min(wait, each.pump(now));
                }
                if (wait <= 0) {
                    selector.selectNow(this::accept);
                } else {
                    selector.select(this::accept, Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait)));
                }
            }
            List.copyOf(connections).forEach(Connection::reset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(SelectionKey key) {
        if (!key.isValid() || !key.isAcceptable()) {
            return;
        }
        try {
            SocketChannel near = listening.accept();
            if (near == null) {
                return;
            }
            if (cut || connections.size() == MAX_CONNECTIONS) {
                near.setOption(StandardSocketOptions.SO_LINGER, 0).close();
                refused.incrementAndGet();
            } else {
                connect(near);
            }
        } catch (IOException e) {
            // Either side went away meanwhile.
        }
    }

    private void connect(SocketChannel near) throws IOException {
        try {
            SocketChannel far = SocketChannel.open(target);
            connections.add(new Connection(near, far, opened.getAndIncrement()));
        } catch (IOException e) {
            near.close();
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

    /** Two sockets and the two ways between them. */
    private final class Connection {
        private final SocketChannel near;
        private final SocketChannel far;
        private final int number;
        private final Stream up;
        private final Stream down;

        Connection(SocketChannel near, SocketChannel far, int number) throws IOException {
            this.near = near;
            this.far = far;
            this.number = number;
            this.up = new Stream(near, far, Long.MAX_VALUE);
            this.down = new Stream(far, near, limits.applyAsLong(number));
            for (SocketChannel each : List.of(near, far)) {
                each.configureBlocking(false);
                each.setOption(StandardSocketOptions.TCP_NODELAY, true);
                each.register(selector, 0);
            }
        }

        /** Moves what can be moved; nanoseconds until more is due. */
        long pump(long now) {
            try {
                if (cut) {
                    reset();
                    return Long.MAX_VALUE;
                }
                if (number < silentBelow) {
                    near.keyFor(selector).interestOps(0);
                    far.keyFor(selector).interestOps(0);
                    return Long.MAX_VALUE;
                }
                long wait = Math.min(up.pump(now), down.pump(now));
                passedBytes.addAndGet(down.takePassed());
                if (down.limitReached() || (up.shut && down.shut)) {
                    reset();
                    return Long.MAX_VALUE;
                }
                near.keyFor(selector).interestOps(up.readOps() | down.writeOps());
                far.keyFor(selector).interestOps(down.readOps() | up.writeOps());
                return wait;
            } catch (IOException e) {
                reset();
                return Long.MAX_VALUE;
            }
        }

        void reset() {
            connections.remove(this);
            for (SocketChannel each : List.of(near, far)) {
                try {
                    each.setOption(StandardSocketOptions.SO_LINGER, 0).close();
                } catch (IOException e) {
                    // Closed already.
                }
            }
        }
    }

    /** One way of a connection. */
    private final class Stream {
        private final SocketChannel from;
        private final SocketChannel to;
        private final Line.Way way = new Line.Way();
        private final Deque<Chunk> queue = new ArrayDeque<>();
        private int queuedBytes;
        private long left;
        private long passed;
        private boolean ended;
        private boolean blocked;
        private boolean shut;

        private record Chunk(long dueNanos, ByteBuffer bytes) {}

        Stream(SocketChannel from, SocketChannel to, long limit) {
            this.from = from;
            this.to = to;
            this.left = limit;
        }

        long pump(long now) throws IOException {
            read(now);
            blocked = false;
            while (!queue.isEmpty() && queue.peek().dueNanos() - now <= 0 && !blocked && left > 0) {
                ByteBuffer bytes = queue.peek().bytes();
                bytes.limit((int) Math.min(bytes.limit(), bytes.position() + left));
                int written = to.write(bytes);
                left -= written;
                passed += written;
                queuedBytes -= written;
                blocked = bytes.hasRemaining();
                if (!blocked) {
                    queue.remove();
                }
            }
            if (ended && queue.isEmpty() && !shut) {
                to.shutdownOutput();
                shut = true;
            }
            return queue.isEmpty() || blocked ? Long.MAX_VALUE : queue.peek().dueNanos() - now;
        }

        private void read(long now) throws IOException {
            while (!ended && queuedBytes < MAX_QUEUED_BYTES) {
                ByteBuffer bytes = ByteBuffer.allocate(CHUNK_BYTES);
                int got = from.read(bytes);
                if (got == 0) {
                    return;
                }
                ended = got < 0;
                if (!ended) {
                    queue.add(new Chunk(way.arrival(line, got, now), bytes.flip()));
                    queuedBytes += got;
                }
            }
        }

        boolean limitReached() {
            return left <= 0;
        }

        long takePassed() {
            long taken = passed;
            passed = 0;
            return taken;
        }

        int readOps() {
            return !ended && queuedBytes < MAX_QUEUED_BYTES ? SelectionKey.OP_READ : 0;
        }

        int writeOps() {
            return blocked ? SelectionKey.OP_WRITE : 0;
        }
    }
}
