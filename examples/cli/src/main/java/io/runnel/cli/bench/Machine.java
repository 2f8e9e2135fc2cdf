package io.runnel.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a benchmark ran.
 *
 * @param cpu the processor's model, as the system names it
 * @param cores processors this JVM may use
 * @param jdk vendor and version
 * @param os name, version and architecture
 */
public record Machine(String cpu, int cores, String jdk, String os) {
    static Machine current() {
        return new Machine(
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.vendor") + " " + Runtime.version(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
    }

    private static String cpuModel() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException notLinux) {
            return "unknown";
        }
    }

    @Override
    public String toString() {
        return cpu + ", " + cores + " cores, " + jdk + ", " + os;
    }
}
