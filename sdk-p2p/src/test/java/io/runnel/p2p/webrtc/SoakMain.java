package io.runnel.p2p.webrtc;

import io.runnel.p2p.transport.PeerLink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Receives gigabytes in messages of 128 KiB, reconnecting when the transport asks for it, and prints what stays behind.
 * Arguments: gigabytes (10^9 bytes), and received messages after which a factory is replaced.
 */
final class SoakMain {
    private static final int MESSAGE_BYTES = 128 << 10;

    private SoakMain() {}

    public static void main(String[] arguments) throws Exception {
        long total = (long) (Double.parseDouble(arguments[0]) * 1e9);
        long limit = Long.parseLong(arguments[1]);
        AtomicLong received = new AtomicLong();
        try (WebRtcTransport sends = new WebRtcTransport(List.of(), 1, Long.MAX_VALUE);
                WebRtcTransport receives = new WebRtcTransport(List.of(), 1, limit)) {
            List<Footprint> footprints = new ArrayList<>();
            long start = System.nanoTime();
            while (received.get() < total) {
                carry(LinkPair.connect(sends, receives), received);
                footprints.add(Footprint.now());
                System.out.println(received.get() / 1_000_000 + " MB, " + footprints.get(footprints.size() - 1));
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.println(
                    footprints.size() + " connections, " + (long) (received.get() / 1e6 / seconds) + " MB/s");
            System.out.println(Footprint.left(footprints));
        }
    }

    /** Receives until the factory is worn out. */
    private static void carry(LinkPair pair, AtomicLong received) throws Exception {
        LinkPair.End sender = pair.offering;
        ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
        PeerLink link = sender.link;
        CountDownLatch enough = new CountDownLatch(1);
        pair.answering.onMessage = got -> {
            received.addAndGet(got.remaining());
            if (pair.answering.wornOut.getCount() == 0) {
                enough.countDown();
            }
        };
        sender.onHandedOver = () -> {
            while (sender.queuedBytes.get() < 2 << 20 && enough.getCount() > 0) {
                sender.queuedBytes.addAndGet(MESSAGE_BYTES);
                link.send(List.of(message.duplicate()));
            }
        };
        sender.onHandedOver.run();
        enough.await();
        pair.close();
    }
}
