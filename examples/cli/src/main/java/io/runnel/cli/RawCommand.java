package io.runnel.cli;

import io.runnel.cli.process.Event;
import io.runnel.cli.process.RawSenders;
import io.runnel.cli.report.ExitCode;
import io.runnel.cli.report.Json;
import io.runnel.cli.report.ResourceUse;
import io.runnel.p2p.bench.RawChannels;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One end of raw data channels, for the benchmark: a receiver that starts its senders, or a sender. */
@Command(name = "raw", hidden = true, description = "Measure raw data channels between processes.")
final class RawCommand implements Callable<Integer> {
    @Option(names = "--senders", description = "How many processes send to this one; without it, this one sends.")
    private int senders;

    @Option(names = "--bytes", required = true, description = "Over each channel.")
    private long bytes;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        if (senders == 0) {
            RawChannels.serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), out, bytes);
            return ExitCode.OK.number();
        }
        try (RawSenders started = RawSenders.start(senders, bytes);
                RawChannels channels = RawChannels.connect(started.ends(), bytes)) {
            // Once to warm up: the fetch beside this is measured in warm processes too.
            channels.receive();
            double before = cpuSeconds(started);
            double rate = channels.receive();
            out.println(Json.write(new Event.Measured(rate, cpuSeconds(started) - before)));
        }
        return ExitCode.OK.number();
    }

    private static double cpuSeconds(RawSenders senders) {
        return senders.cpuSeconds() + ResourceUse.ofThisProcess().cpuSeconds();
    }
}
