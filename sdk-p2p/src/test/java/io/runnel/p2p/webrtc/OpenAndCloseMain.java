package io.runnel.p2p.webrtc;

import java.util.ArrayList;
import java.util.List;

/**
 * Opens and closes connections, and prints what they leave behind. Arguments: how many to warm up with, how many in a
 * round, how many rounds.
 */
final class OpenAndCloseMain {
    private OpenAndCloseMain() {}

    public static void main(String[] arguments) throws Exception {
        List<Footprint> footprints = new ArrayList<>();
        try (WebRtcTransport transport = new WebRtcTransport(List.of())) {
            cycle(transport, Integer.parseInt(arguments[0]));
            footprints.add(Footprint.now());
            for (int round = 0; round < Integer.parseInt(arguments[2]); round++) {
                cycle(transport, Integer.parseInt(arguments[1]));
                footprints.add(Footprint.now());
            }
        }
        footprints.forEach(System.out::println);
        System.out.println(Footprint.left(footprints));
    }

    private static void cycle(WebRtcTransport transport, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            LinkPair.connect(transport, transport).close();
        }
    }
}
