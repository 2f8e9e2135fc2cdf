package io.runnel.p2p.webrtc;

import dev.onvoid.webrtc.RTCDataChannelInit;
import io.runnel.p2p.transport.PeerLink;
import io.runnel.p2p.transport.PeerTransport;
import io.runnel.source.PeerPath;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Two links of this process, connected to each other without signalling. */
final class LinkPair {
    final End offering = new End();
    final End answering = new End();

    /** Connects and waits until both ends are open. */
    static LinkPair connect(PeerTransport offers, PeerTransport answers) throws Exception {
        LinkPair pair = new LinkPair();
        pair.offering.link = offers.offer(pair.offering);
        String offer = pair.offering.description.get(20, TimeUnit.SECONDS);
        pair.answering.link = answers.answer(offer, pair.answering);
        pair.offering.link.answered(pair.answering.description.get(20, TimeUnit.SECONDS));
        pair.offering.opened.get(20, TimeUnit.SECONDS);
        pair.answering.opened.get(20, TimeUnit.SECONDS);
        return pair;
    }

    /** Closes both ends and waits for the end. */
    void close() throws Exception {
        offering.link.close();
        answering.link.close();
        awaitClosed();
    }

    void awaitClosed() throws Exception {
        if (!offering.closed.await(20, TimeUnit.SECONDS) || !answering.closed.await(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("links did not close");
        }
    }

    /** One end. */
    static final class End implements PeerLink.Listener {
        final CompletableFuture<String> description = new CompletableFuture<>();
        final CompletableFuture<Boolean> opened = new CompletableFuture<>();
        final CompletableFuture<PeerPath> path = new CompletableFuture<>();
        final CompletableFuture<String> misbehaviour = new CompletableFuture<>();
        final CountDownLatch closed = new CountDownLatch(1);
        final CountDownLatch wornOut = new CountDownLatch(1);
        final AtomicLong receivedBytes = new AtomicLong();
        final AtomicLong queuedBytes = new AtomicLong();
        volatile Consumer<ByteBuffer> onMessage = message -> {};
        volatile Runnable onHandedOver = () -> {};
        volatile PeerLink link;

        /** Once it is closed. */
        String whyClosed() {
            return misbehaviour.handle((what, why) -> why.getMessage()).getNow("");
        }

        /** Opens channels beside the one agreed on, as no peer does that keeps to the protocol. */
        void openChannels(int count) {
            WebRtcLink own = (WebRtcLink) link;
            own.onThread(() -> {
                for (int i = 0; i < count; i++) {
                    own.live().createDataChannel("more", new RTCDataChannelInit());
                }
            });
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
            receivedBytes.addAndGet(message.remaining());
            onMessage.accept(message);
        }

        @Override
        public void handedOver(long bytes) {
            queuedBytes.addAndGet(-bytes);
            onHandedOver.run();
        }

        @Override
        public void pathFound(PeerPath found) {
            path.complete(found);
        }

        @Override
        public void misbehaved(String what) {
            misbehaviour.complete(what);
        }

        @Override
        public void wornOut() {
            wornOut.countDown();
        }

        @Override
        public void closed(String why) {
            IllegalStateException failure = new IllegalStateException(why);
            description.completeExceptionally(failure);
            opened.completeExceptionally(failure);
            misbehaviour.completeExceptionally(failure);
            closed.countDown();
        }
    }
}
