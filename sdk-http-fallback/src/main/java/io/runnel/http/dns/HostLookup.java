package io.runnel.http.dns;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import io.runnel.http.threads.DaemonThreads;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDK's name lookup, which knows the host's own configuration best but blocks for seconds where a name server is
 * silent: so it runs on {@code runnel-dns-n}, at most two threads that end when idle, and never on an event loop.
 */
public final class HostLookup extends AddressResolverGroup<InetSocketAddress> {
    private static final Logger LOG = LoggerFactory.getLogger(HostLookup.class);
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 256;

    /** What looks a name up, as {@link InetAddress#getAllByName}: the addresses in the order to try them, one or more. */
    @FunctionalInterface
    public interface Names {
        /** Blocks for as long as it takes. */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final Names names;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS, THREADS, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), DaemonThreads.named("dns"));

    /** The JDK's lookup, with threads that start when needed. */
    public HostLookup() {
        this(InetAddress::getAllByName);
    }

    /** A lookup of another kind, on the same threads. */
    public HostLookup(Names names) {
        this.names = names;
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new InetNameResolver(executor) {
            @Override
            protected void doResolve(String host, Promise<InetAddress> promise) {
                look(executor, promise, () -> names.addresses(host)[0]);
            }

            @Override
            protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {
                look(executor, promise, () -> List.of(names.addresses(host)));
            }
        }.asAddressResolver();
    }

    private <T> void look(EventExecutor executor, Promise<T> promise, Lookup<T> lookup) {
        try {
            threads.execute(() -> {
                try {
                    T found = lookup.look();
                    tell(executor, () -> promise.trySuccess(found));
                } catch (UnknownHostException | RuntimeException e) {
                    tell(executor, () -> promise.tryFailure(e));
                }
            });
        } catch (RejectedExecutionException e) {
            promise.tryFailure(new UnknownHostException("too many names are being looked up"));
        }
    }

    /** On the loop that waits. One that has ended meanwhile was closed with its client: nobody waits any more. */
    private static void tell(EventExecutor executor, Runnable answer) {
        try {
            executor.execute(answer);
        } catch (RejectedExecutionException closed) {
            LOG.debug("a name was found after its loop had ended");
        }
    }

    /** Ends the threads; one that waits for a silent name server ends when that answers. */
    @Override
    public void close() {
        super.close();
        threads.shutdownNow();
    }

    @FunctionalInterface
    private interface Lookup<T> {
        T look() throws UnknownHostException;
    }
}
