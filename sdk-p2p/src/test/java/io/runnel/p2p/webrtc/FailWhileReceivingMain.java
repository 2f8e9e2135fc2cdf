package io.runnel.p2p.webrtc;

import java.nio.ByteBuffer;
import java.util.List;

/** What takes a message fails, as where there is no memory for it: within a call of the native library. */
final class FailWhileReceivingMain {
    private FailWhileReceivingMain() {}

    public static void main(String[] arguments) throws Exception {
        try (WebRtcTransport transport = new WebRtcTransport(List.of())) {
            LinkPair pair = LinkPair.connect(transport, transport);
            pair.answering.onMessage = message -> {
                throw new OutOfMemoryError("of the test");
            };
            for (int i = 0; i < 10; i++) {
                pair.offering.link.send(List.of(ByteBuffer.allocate(1000)));
            }
            pair.awaitClosed();
            System.out.println("RESULT survived: " + pair.answering.whyClosed());
        }
    }
}
