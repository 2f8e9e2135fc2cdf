package io.runnel.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.source.PeerPath;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
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
    private final LinkInbox inbox = new LinkInbox(loop, new Reader(), new Backlog());

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
        assertThat(received).hasValueLessThan(most);
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

    @Test
    void received_manyLinksTogether_dropsTheOneOfWhichMostWaits() throws Exception {
        Backlog shared = new Backlog(1 << 20);
        List<String> heard = new CopyOnWriteArrayList<>();
        List<LinkInbox> inboxes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "link " + i;
            LinkInbox each = new LinkInbox(loop, new Named(name, heard), shared);
            each.opened();
            inboxes.add(each);
        }
        loop.execute(this::beBusy);
        for (int i = 0; i < 3; i++) {
            inboxes.get(i).received(ByteBuffer.allocate((200 + i) << 10));
        }
        for (int i = 0; i < 300; i++) {
            inboxes.get(3).received(ByteBuffer.allocate(1024));
        }
        // Over the bound by then; who has only little waiting is not the one that goes.
        inboxes.get(0).received(ByteBuffer.allocate(200 << 10));
        free.countDown();
        await(heard, "link 0 received 204800", 2);
        assertThat(heard).contains("link 1 received 205824", "link 2 received 206848", "link 3 misbehaved");
        assertThat(heard).filteredOn(word -> word.endsWith("misbehaved")).hasSize(1);
        assertThat(heard).as("what waited is dropped").doesNotContain("link 3 received 1024");
        // What it had waiting counts no more.
        inboxes.get(1).received(ByteBuffer.allocate(500 << 10));
        await(heard, "link 1 received 512000", 1);
        assertThat(inboxes).allSatisfy(each -> assertThat(each.waitingBytes()).isZero());
    }

    @Test
    void received_oneLinkSaysMuch_othersGetTheirTurn() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        Backlog shared = new Backlog();
        LinkInbox loud = new LinkInbox(loop, new Named("loud", heard), shared);
        LinkInbox quiet = new LinkInbox(loop, new Named("quiet", heard), shared);
        loop.execute(this::beBusy);
        for (int i = 0; i < 1000; i++) {
            loud.received(ByteBuffer.allocate(1));
        }
        quiet.received(ByteBuffer.allocate(2));
        free.countDown();
        await(heard, "loud received 1", 1000);
        assertThat(heard.indexOf("quiet received 2")).isBetween(0, 2);
    }

    @ParameterizedTest
    @CsvSource({"64, 20", "200, 25", "256, 32", "8192, 32"})
    void boundBytes_anEighthOfTheHeap_butNoLessThanPeersAreAskedFor(long heapMebibytes, long boundMebibytes) {
        assertThat(Backlog.boundBytes(heapMebibytes << 20)).isEqualTo(boundMebibytes << 20);
    }

    private static void await(List<String> heard, String word, int times) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> heard.stream().filter(word::equals).count() == times);
    }

    private void beBusy() {
        try {
            free.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static class Deaf implements LinkInbox.Reader {
        @Override
        public void described(String description) {}

        @Override
        public void opened() {}

        @Override
        public void received(ByteBuffer message) {}

        @Override
        public void misbehaved(String what) {}

        @Override
        public void handedOver(long bytes) {}

        @Override
        public void pathFound(PeerPath path) {}

        @Override
        public void wornOut() {}

        @Override
        public void closed() {}
    }

    private static final class Named extends Deaf {
        private final String name;
        private final List<String> heard;

        Named(String name, List<String> heard) {
            this.name = name;
            this.heard = heard;
        }

        @Override
        public void received(ByteBuffer message) {
            heard.add(name + " received " + message.remaining());
        }

        @Override
        public void misbehaved(String what) {
            heard.add(name + " misbehaved");
        }
    }

    private final class Reader extends Deaf {
        @Override
        public void received(ByteBuffer message) {
            received.incrementAndGet();
        }

        @Override
        public void misbehaved(String what) {
            told.incrementAndGet();
            misbehaved.countDown();
        }
    }
}
