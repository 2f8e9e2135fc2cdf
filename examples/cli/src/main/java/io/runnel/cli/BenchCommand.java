package io.runnel.cli;

import io.runnel.cli.bench.Bench;
import io.runnel.cli.report.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures fetches against raw data channels, whole processes, on this machine. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure a fetch from 1 and 4 seeders beside what raw data channels give.")
final class BenchCommand implements Callable<Integer> {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long MEBIBYTE = 1 << 20;
    /** Of two files: the blob on the server, four stores and the viewer's; and a file on its way in or out. */
    private static final int COPIES = 13;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Option(names = "--size", paramLabel = "MIB", defaultValue = "256", description = "In MiB (default 256).")
    private int sizeMebibytes;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3", description = "How often (default 3).")
    private int rounds;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "Where temporary files go; by default memory (/dev/shm) where there is room for them.")
    private @Nullable Path folder;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (sizeMebibytes < 1 || sizeMebibytes > 65536 || rounds < 1 || rounds > 1000) {
            throw new ParameterException(command.commandLine(), "--size must be 1 to 65536 MiB, --rounds 1 to 1000");
        }
        long sizeBytes = sizeMebibytes * MEBIBYTE;
        Path parent = folder == null ? roomyFolder(COPIES * sizeBytes) : folder;
        output.report(new Bench(sizeBytes, rounds, parent, output.remarks()).run());
        return ExitCode.OK.number();
    }

    private static Path roomyFolder(long neededBytes) throws IOException {
        if (Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > neededBytes) {
            return MEMORY;
        }
        return Path.of(System.getProperty("java.io.tmpdir"));
    }
}
