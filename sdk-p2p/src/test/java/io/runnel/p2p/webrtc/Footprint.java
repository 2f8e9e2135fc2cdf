package io.runnel.p2p.webrtc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process takes from the system, as Linux counts it.
 *
 * @param residentKilobytes memory in RAM, after a garbage collection
 * @param threads native ones included
 * @param descriptors open files and sockets
 */
record Footprint(long residentKilobytes, int threads, int descriptors) {
    static Footprint now() throws IOException {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        int descriptors;
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            descriptors = (int) open.count();
        }
        return new Footprint(status("VmRSS:"), (int) status("Threads:"), descriptors);
    }

    private static long status(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("no " + name);
    }
}
