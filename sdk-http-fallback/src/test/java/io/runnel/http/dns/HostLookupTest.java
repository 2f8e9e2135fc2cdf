package io.runnel.http.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HostLookupTest {
    /** Completing a future whose loop is gone makes Netty log an error: a client may be closed at any time. */
    @Test
    void resolve_loopEndedMeanwhile_completesNothing() throws Exception {
        try (HostLookup lookup = new HostLookup()) {
            EndedLoop loop = new EndedLoop();
            Future<InetSocketAddress> address =
                    lookup.getResolver(loop).resolve(InetSocketAddress.createUnresolved("localhost", 1));
            assertThat(loop.asked.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(address.isDone()).isFalse();
        }
    }

    /** Takes no task any more, but nobody knows yet. */
    private static final class EndedLoop extends AbstractEventExecutor {
        private final CountDownLatch asked = new CountDownLatch(1);
        private final Future<?> end = new DefaultPromise<>(GlobalEventExecutor.INSTANCE);

        @Override
        public void execute(Runnable task) {
            asked.countDown();
            throw new RejectedExecutionException("ended");
        }

        @Override
        public boolean inEventLoop(Thread thread) {
            return false;
        }

        @Override
        public boolean isShuttingDown() {
            return false;
        }

        @Override
        public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
            return end;
        }

        @Override
        public Future<?> terminationFuture() {
            return end;
        }

        @Override
        @Deprecated
        public void shutdown() {}

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return false;
        }
    }
}
