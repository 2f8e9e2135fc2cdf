package io.runnel.cli;

import io.runnel.cli.demo.Demo;
import io.runnel.cli.demo.DemoReport;
import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows the main job on a real file. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Publish a file, fetch it through a swarm of processes on this machine, and compare.")
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "What to publish; without it, the JDK's own lib/modules, over 100 MB.")
    private @Nullable Path file;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path input = file == null ? Path.of(System.getProperty("java.home"), "lib", "modules") : file;
        if (!Files.isRegularFile(input) || !Files.isReadable(input)) {
            throw new CommandException(ExitCode.USAGE, input + " is not a file that can be read: name one that is");
        }
        DemoReport report = new Demo(input, output.remarks()).run();
        output.report(report);
        return (report.passed() ? ExitCode.OK : ExitCode.DIFFERENCE).number();
    }
}
