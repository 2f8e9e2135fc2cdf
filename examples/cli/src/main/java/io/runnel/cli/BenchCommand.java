package io.runnel.cli;

import io.runnel.cli.bench.Bench;
import io.runnel.cli.bench.Soak;
import io.runnel.cli.report.ExitCode;
import io.runnel.cli.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures fetches against raw data channels, or what looped fetches leave behind; whole processes, on this machine. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure a fetch from 1 and 4 seeders beside what raw data channels give.")
final class BenchCommand implements Callable<Integer> {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long MEBIBYTE = 1 << 20;
    private static final int USUAL_MEBIBYTES = 256;
    private static final int USUAL_ROUNDS = 3;
    /** Small, so that an hour has many beginnings and ends. */
    private static final int USUAL_SOAK_MEBIBYTES = 16;
    /** A store on disk keeps more of smaller files, so that more of them are needed. */
    private static final long LEAST_SOAK_BYTES = 16 << 20;
    /** Of two files: the blob on the server, four stores and the viewer's; and a file on its way in or out. */
    private static final int COPIES = 13;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Option(
            names = "--size",
            paramLabel = "MIB",
            description = "In MiB (default " + USUAL_MEBIBYTES + "; with --soak " + USUAL_SOAK_MEBIBYTES + ").")
    private @Nullable Integer sizeMebibytes;

    @Option(names = "--rounds", paramLabel = "N", description = "How often (default " + USUAL_ROUNDS + ").")
    private @Nullable Integer rounds;

    @Option(
            names = "--soak",
            paramLabel = "MINUTES",
            description = "Instead, loop fetches in one process for so long, and tell each minute what it holds.")
    private @Nullable Integer soakMinutes;

    @Option(
            names = "--one-client",
            description = "With --soak: one client makes all fetches, as in an app; without, each is of a new one.")
    private boolean oneClient;

    @Option(names = "--pause", paramLabel = "MILLIS", description = "With --soak: between two fetches (default 0).")
    private @Nullable Integer pauseMillis;

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
        if (folder != null && !Files.isDirectory(folder)) {
            throw usage("--folder: there is no folder " + folder.toAbsolutePath() + ": make it");
        }
        output.report(soakMinutes == null ? bench() : soak(soakMinutes));
        return ExitCode.OK.number();
    }

    private Report bench() throws IOException, InterruptedException {
        if (oneClient || pauseMillis != null) {
            throw usage("--one-client and --pause: only with --soak");
        }
        long sizeBytes = sizeBytes(USUAL_MEBIBYTES);
        int times = within("--rounds", 1, 1000, rounds == null ? USUAL_ROUNDS : rounds);
        return new Bench(sizeBytes, times, parent(sizeBytes), output.remarks()).run();
    }

    private Report soak(int soakMinutes) throws IOException, InterruptedException {
        if (rounds != null) {
            throw usage("--rounds: not with --soak");
        }
        long sizeBytes = sizeBytes(USUAL_SOAK_MEBIBYTES);
        int minutes = within("--soak", 1, 10_000, soakMinutes);
        Duration pause = Duration.ofMillis(within("--pause", 0, 60_000, pauseMillis == null ? 0 : pauseMillis));
        return new Soak(sizeBytes, oneClient, minutes, pause, output.remarks())
                .run(parent(Math.max(sizeBytes, LEAST_SOAK_BYTES)));
    }

    private long sizeBytes(int usualMebibytes) {
        return within("--size", 1, 65536, sizeMebibytes == null ? usualMebibytes : sizeMebibytes) * MEBIBYTE;
    }

    private int within(String option, int least, int most, int value) {
        if (value < least || value > most) {
            throw usage("%s: %d, must be %d to %d".formatted(option, value, least, most));
        }
        return value;
    }

    private ParameterException usage(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private Path parent(long sizeBytes) throws IOException {
        return folder == null ? roomyFolder(COPIES * sizeBytes) : folder;
    }

    private static Path roomyFolder(long neededBytes) throws IOException {
        if (Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > neededBytes) {
            return MEMORY;
        }
        return Path.of(System.getProperty("java.io.tmpdir"));
    }
}
