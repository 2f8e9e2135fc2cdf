package io.runnel.http.origin;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.runnel.http.threads.DaemonThreads;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** The threads, connections and permits that all blobs of one origin share. */
final class OriginPool implements AutoCloseable {
    private static final int THREADS = 2;

    private final OriginSettings settings;
    private final EventLoopGroup loops;
    private final HttpCalls calls;
    private final Permits permits;

    OriginPool(OriginSettings settings) {
        this.settings = settings;
        this.loops = new MultiThreadIoEventLoopGroup(THREADS, DaemonThreads.named("http"), NioIoHandler.newFactory());
        this.calls = new HttpCalls(settings, loops);
        this.permits = new Permits(settings.connections());
    }

    EventLoop nextLoop() {
        return loops.next();
    }

    OriginAccess access(EventLoop owner, LongConsumer late) {
        return new OriginAccess(settings, calls, permits, owner, late);
    }

    /** Ends every connection and thread within 2 s. Idempotent. */
    @Override
    public void close() {
        calls.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000);
    }
}
