package io.runnel.p2p.webrtc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What this process takes from the system, as Linux counts it.
 *
 * @param residentKilobytes memory in RAM, after a garbage collection
 * @param threads native ones included
 * @param descriptors open files and sockets
 */
record Footprint(long residentKilobytes, int threads, int descriptors) {
    /** How the line that {@link #left} gives begins. */
    static final String RESULT = "RESULT ";

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

    /**
     * What each of several like rounds leaves behind, as {@link #RESULT}, kilobytes, threads and descriptors in a line: the
     * median growth from one round to the next, the lower one of an even number of rounds. What leaks grows in every round,
     * where the JIT compiler or an allocator takes some megabytes now and then, in any of them and on a slow machine in more
     * than one, and a connection just closed may still be on its way out.
     *
     * @param afterEach what was taken after each round, the warm-up's first
     */
    static String left(List<Footprint> afterEach) {
        return RESULT + growth(afterEach, Footprint::residentKilobytes) + " " + growth(afterEach, Footprint::threads)
                + " " + growth(afterEach, Footprint::descriptors);
    }

    private static long growth(List<Footprint> afterEach, ToLongFunction<Footprint> what) {
        long[] growth = IntStream.range(1, afterEach.size())
                .mapToLong(i -> what.applyAsLong(afterEach.get(i)) - what.applyAsLong(afterEach.get(i - 1)))
                .sorted()
                .toArray();
        return growth[(growth.length - 1) / 2];
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
