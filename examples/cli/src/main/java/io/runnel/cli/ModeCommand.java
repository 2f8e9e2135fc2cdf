package io.runnel.cli;

import io.runnel.cli.report.ExitCode;
import io.runnel.cli.report.Report;
import io.runnel.devserver.AdminClient;
import io.runnel.sharing.SharingMode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Switches peers off, to measuring only, or on, for all clients of a server. */
@Command(
        name = "mode",
        mixinStandardHelpOptions = true,
        description = "Tell all clients how far to go with their peers.")
final class ModeCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final StateOptions state = new StateOptions();

    @Parameters(
            paramLabel = "OFF|SHADOW|ON",
            description =
                    "OFF: no peers at all. SHADOW: connect and measure, fetch from the origin. ON: as each app wants.")
    @SuppressWarnings("NullAway.Init") // required: picocli refuses a command line without it
    private SharingMode mode;

    /** The mode that is set. */
    record Set(SharingMode mode) implements Report {
        @Override
        public List<String> lines() {
            return List.of("clients are told: " + mode);
        }
    }

    @Override
    public Integer call() throws IOException {
        AdminClient.mode(state.folder(), mode);
        output.report(new Set(mode));
        return ExitCode.OK.number();
    }
}
