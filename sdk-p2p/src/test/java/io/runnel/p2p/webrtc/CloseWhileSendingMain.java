package io.runnel.p2p.webrtc;

import io.runnel.p2p.transport.PeerLink;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Closes connections from either end while both send as fast as they can. Argument: how many. */
final class CloseWhileSendingMain {
    private CloseWhileSendingMain() {}

    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[0]);
        Random random = new Random(count);
        int starved = 0;
        try (WebRtcTransport transport = new WebRtcTransport(List.of())) {
            for (int i = 0; i < count; i++) {
                LinkPair pair = LinkPair.connect(transport, transport);
                flood(pair.offering);
                flood(pair.answering);
                CountDownLatch flowing = new CountDownLatch(1 + random.nextInt(40));
                pair.answering.onMessage = message -> flowing.countDown();
                boolean flowed = flowing.await(500, TimeUnit.MILLISECONDS);
                starved += flowed ? 0 : 1;
                LinkPair.End first = random.nextBoolean() ? pair.offering : pair.answering;
                Thread closer = new Thread(first.link::close, "closer");
                closer.start();
                if (random.nextBoolean()) {
                    pair.offering.link.close();
                    pair.answering.link.close();
                }
                closer.join();
                pair.awaitClosed();
            }
        }
        System.out.println("RESULT survived; " + starved + " closed before much had flowed");
    }

    private static void flood(LinkPair.End end) {
        ByteBuffer message = ByteBuffer.allocate(64 << 10);
        PeerLink link = end.link;
        end.onHandedOver = () -> {
            while (end.queuedBytes.get() < 1 << 20 && end.closed.getCount() > 0) {
                end.queuedBytes.addAndGet(message.remaining());
                link.send(List.of(message.duplicate()));
            }
        };
        end.onHandedOver.run();
    }
}
