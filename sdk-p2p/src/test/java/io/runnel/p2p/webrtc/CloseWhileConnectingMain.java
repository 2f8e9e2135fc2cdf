package io.runnel.p2p.webrtc;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes connections from either end within a millisecond of the moment they connect, in which their statistics are
 * gathered. Argument: how many.
 */
final class CloseWhileConnectingMain {
    private CloseWhileConnectingMain() {}

    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[0]);
        Random random = new Random(count);
        int unheard = 0;
        try (WebRtcTransport transport = new WebRtcTransport(List.of())) {
            for (int i = 0; i < count; i++) {
                LinkPair pair = LinkPair.connect(transport, transport);
                LockSupport.parkNanos(random.nextInt((int) TimeUnit.MILLISECONDS.toNanos(1)));
                unheard += pair.offering.path.isDone() ? 0 : 1;
                unheard += pair.answering.path.isDone() ? 0 : 1;
                pair.close();
            }
        }
        System.out.println("RESULT survived; " + unheard + " ends closed before they heard how they ran");
    }
}
