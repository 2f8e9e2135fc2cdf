package io.runnel.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a process has used so far.
 *
 * @param cpuSeconds user and system time of all its threads; 0 where the platform does not tell
 * @param peakResidentBytes the most memory it ever had resident (VmHWM of proc(5)); 0 where the platform does not tell
 */
public record ResourceUse(double cpuSeconds, long peakResidentBytes) {
    private static final String PEAK = "VmHWM:";

    /** What this process has used. */
    public static ResourceUse ofThisProcess() {
        return of(ProcessHandle.current());
    }

    /** What a process has used; zeros once it has ended. */
    public static ResourceUse of(ProcessHandle process) {
        Duration cpu = process.info().totalCpuDuration().orElse(Duration.ZERO);
        return new ResourceUse(cpu.toMillis() / 1000.0, peakResidentBytes(process.pid()));
    }

    private static long peakResidentBytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith(PEAK))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException noSuchFile) {
            return 0;
        }
    }
}
