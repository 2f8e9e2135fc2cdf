package io.runnel.p2p.webrtc;

import java.util.List;

/** Opens and closes connections, and prints what they leave behind. Arguments: how many to warm up with, how many. */
final class OpenAndCloseMain {
    private OpenAndCloseMain() {}

    public static void main(String[] arguments) throws Exception {
        try (WebRtcTransport transport = new WebRtcTransport(List.of())) {
            cycle(transport, Integer.parseInt(arguments[0]));
            Footprint before = Footprint.now();
            cycle(transport, Integer.parseInt(arguments[1]));
            Footprint after = Footprint.now();
            System.out.println("before " + before + ", after " + after);
            System.out.println("RESULT " + (after.residentKilobytes() - before.residentKilobytes()) + " "
                    + (after.threads() - before.threads()) + " " + (after.descriptors() - before.descriptors()));
        }
    }

    private static void cycle(WebRtcTransport transport, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            LinkPair.connect(transport, transport).close();
        }
    }
}
