package io.runnel.cli.process;

import io.runnel.cli.report.ResourceUse;
import io.runnel.p2p.bench.RawChannels;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Processes that send over raw data channels. Each ends when its standard input does. */
public final class RawSenders implements AutoCloseable {
    private static final long FAREWELL_SECONDS = 4;

    private final List<Process> processes = new ArrayList<>();
    private final List<RawChannels.Sender> ends = new ArrayList<>();

    private RawSenders() {}

    /** Starts so many, each to send so many bytes. */
    public static RawSenders start(int count, long bytes) throws IOException {
        RawSenders senders = new RawSenders();
        try {
            for (int i = 0; i < count; i++) {
                senders.add(bytes);
            }
            return senders;
        } catch (IOException | RuntimeException e) {
            senders.close();
            throw e;
        }
    }

    private void add(long bytes) throws IOException {
        Process process = new ProcessBuilder(
                        JavaCommand.of(LocalSwarm.PEER_FLAGS, List.of("raw", "--bytes", Long.toString(bytes))))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        ends.add(new RawChannels.Sender(
                process.inputReader(StandardCharsets.UTF_8),
                new PrintWriter(process.outputWriter(StandardCharsets.UTF_8))));
    }

    /** The ways to them. */
    public List<RawChannels.Sender> ends() {
        return List.copyOf(ends);
    }

    /** What they have used so far, all together. */
    public double cpuSeconds() {
        return processes.stream()
                .mapToDouble(process -> ResourceUse.of(process.toHandle()).cpuSeconds())
                .sum();
    }

    /** Lets them end, and ends those that do not. */
    @Override
    public void close() {
        ends.forEach(end -> end.out().close());
        for (Process process : processes) {
            try {
                if (!process.waitFor(FAREWELL_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
