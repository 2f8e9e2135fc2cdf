package io.runnel.cli;

import io.runnel.cli.progress.Measure;
import io.runnel.cli.progress.ProgressView;
import io.runnel.cli.report.ExitCode;
import io.runnel.cli.report.ResourceUse;
import io.runnel.sim.Course;
import io.runnel.sim.Scenario;
import io.runnel.sim.SimReport;
import io.runnel.sim.Simulation;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a simulated swarm and the same viewers with the origin alone. */
@Command(
        name = "sim",
        mixinStandardHelpOptions = true,
        description = "Simulate a swarm: the SDK's planner and exchange machine over a simulated network.")
final class SimCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Option(names = "--scenario", required = true, description = "live, vod, flash-crowd, hostile or churn.")
    @SuppressWarnings("NullAway.Init") // required: picocli refuses a command line without it
    private String scenario;

    @Option(names = "--peers", paramLabel = "N", defaultValue = "100", description = "Viewers at a time (default 100).")
    private int peers;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Decides all chance (default 1).")
    private long seed;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            defaultValue = "300",
            description = "Of simulated time (default 300).")
    private int seconds;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Where sim-SCENARIO-N-S.csv and .svg are written (default: here).")
    @SuppressWarnings("NullAway.Init") // has a default
    private Path folder;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        Scenario wanted = wanted();
        String name = "sim-" + wanted.kind().label() + "-" + peers + "-" + seed;
        Path csv = writable(name + ".csv");
        Path svg = writable(name + ".svg");
        double cpuBefore = ResourceUse.ofThisProcess().cpuSeconds();
        long started = System.nanoTime();
        SimReport report = run("sim", wanted);
        SimulationReport.Cost cost = new SimulationReport.Cost(
                System.nanoTime() - started, ResourceUse.ofThisProcess().cpuSeconds() - cpuBefore);
        SimReport originOnly = run("origin alone", wanted.originOnly());
        SimulationReport.Files files = new SimulationReport.Files(
                Files.writeString(csv, Course.csv(report)), Files.writeString(svg, Course.svg(report, originOnly)));
        output.report(SimulationReport.of(report, originOnly, cost, files));
        return ExitCode.OK.number();
    }

    private SimReport run(String task, Scenario simulated) {
        try (ProgressView view = ProgressView.open(task, Measure.MILLIS, output.remarks())) {
            return new Simulation(simulated).run(millis -> view.update(millis, simulated.durationMillis(), ""));
        }
    }

    /** A file that can be written; that it cannot is not to be found out after minutes. What it holds stays. */
    private Path writable(String name) {
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(folder);
            boolean fresh = !Files.exists(file);
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
            if (fresh) {
                Files.delete(file);
            }
            return file;
        } catch (IOException e) {
            throw new ParameterException(
                    command.commandLine(),
                    "--out: cannot write " + file + " (" + Failure.message(e) + "): name a folder that can be written",
                    e);
        }
    }

    private Scenario wanted() {
        try {
            return Scenario.of(Scenario.Kind.named(scenario), peers, seed).withDurationMillis(seconds * 1000L);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    command.commandLine(),
                    "--scenario must be live, vod, flash-crowd, hostile or churn, --peers 1 to 100000, --duration 1 to"
                            + " 3600 seconds",
                    e);
        }
    }
}
