package io.runnel.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.source.PeerPath;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What waits for a busy loop is bounded, however it comes. */
class LinkInboxTest {
    private final OwnerLoop loop = new OwnerLoop();
    private final CountDownLatch free = new CountDownLatch(1);
    private final CountDownLatch misbehaved = new CountDownLatch(1);
    private final AtomicInteger told = new AtomicInteger();
    private final AtomicInteger received = new AtomicInteger();
    private final LinkInbox inbox = new LinkInbox(loop, new Reader());

    @AfterEach
    void close() {
        loop.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 50000", "131072, 200", "262144, 100"})
    void received_loopIsBusy_floodsBeforeItFillsTheHeap(int size, int most) throws Exception {
        loop.execute(this::beBusy);
        for (int i = 0; i < most; i++) {
            inbox.received(ByteBuffer.wrap(new byte[size]));
        }
        free.countDown();
        assertThat(misbehaved.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(received).hasValueBetween(1, most - 1);
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(done::countDown);
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(told).as("what is told waits too").hasValue(1);
    }

    @Test
    void received_loopKeepsUp_passesAllOn() throws Exception {
        for (int i = 0; i < 1000; i++) {
            CountDownLatch handled = new CountDownLatch(1);
            inbox.received(ByteBuffer.allocate(131_072));
            loop.execute(handled::countDown);
            assertThat(handled.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(received).hasValue(1000);
        assertThat(misbehaved.getCount()).isEqualTo(1);
    }

    private void beBusy() {
        try {
            free.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Reader implements LinkInbox.Reader {
        @Override
        public void described(String description) {}

        @Override
        public void opened() {}

        @Override
        public void received(ByteBuffer message) {
            received.incrementAndGet();
        }

        @Override
        public void misbehaved(String what) {
            told.incrementAndGet();
            misbehaved.countDown();
        }

        @Override
        public void handedOver(long bytes) {}

        @Override
        public void pathFound(PeerPath path) {}

        @Override
        public void wornOut() {}

        @Override
        public void closed() {}
    }
}
