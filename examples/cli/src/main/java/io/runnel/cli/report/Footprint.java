package io.runnel.cli.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What this process holds of the system at one moment, as proc(5) tells; 0 where the platform does not.
 *
 * @param residentBytes memory it has resident (VmRSS)
 * @param heapBytes of its Java heap, what the last collections of its parts left
 * @param threads of the process, native ones too
 * @param descriptors files and sockets it has open
 */
public record Footprint(long residentBytes, long heapBytes, long threads, long descriptors) {
    private static final Path SELF = Path.of("/proc/self");
    private static final String RESIDENT = "VmRSS:";

    /** This process now. */
    public static Footprint ofThisProcess() {
        return new Footprint(resident(), heap(), entries("task"), entries("fd"));
    }

    private static long resident() {
        try {
            return Files.readAllLines(SELF.resolve("status")).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException notLinux) {
            return 0;
        }
    }

    private static long heap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .map(MemoryPoolMXBean::getCollectionUsage)
                .filter(Objects::nonNull)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }

    private static long entries(String folder) {
        try (Stream<Path> entries = Files.list(SELF.resolve(folder))) {
            return entries.count();
        } catch (IOException notLinux) {
            return 0;
        }
    }
}
