package io.runnel.p2p.webrtc;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes connections while the other side opens one channel after the other, each the last of a factory that has received
 * enough to be disposed. Argument: how many.
 */
final class CloseWhileOpeningChannelsMain {
    private static final int CHANNELS = 60;

    private CloseWhileOpeningChannelsMain() {}

    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[0]);
        Random random = new Random(count);
        try (WebRtcTransport hostile = new WebRtcTransport(List.of(), 1, Long.MAX_VALUE);
                WebRtcTransport victim = new WebRtcTransport(List.of(), 1, 1)) {
            for (int i = 0; i < count; i++) {
                LinkPair pair = LinkPair.connect(hostile, victim);
                CountDownLatch wears = new CountDownLatch(1);
                pair.answering.onMessage = message -> wears.countDown();
                pair.offering.link.send(List.of(ByteBuffer.allocate(1)));
                wears.await();
                pair.offering.openChannels(CHANNELS);
                LockSupport.parkNanos(random.nextInt((int) TimeUnit.MILLISECONDS.toNanos(6)));
                pair.close();
            }
        }
        System.out.println("RESULT survived");
    }
}
