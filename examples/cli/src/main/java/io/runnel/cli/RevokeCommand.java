package io.runnel.cli;

import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import io.runnel.cli.report.Report;
import io.runnel.devserver.AdminClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a client its keys: its channels are closed, and refused from then on. */
@Command(name = "revoke", mixinStandardHelpOptions = true, description = "Revoke a client.")
final class RevokeCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final StateOptions state = new StateOptions();

    @Parameters(paramLabel = "CLIENT", description = "The client's name.")
    @SuppressWarnings("NullAway.Init") // required: picocli refuses a command line without it
    private String client;

    /** A client that is revoked. */
    record Revoked(String client, boolean revoked) implements Report {
        @Override
        public List<String> lines() {
            return List.of(client + " is revoked");
        }
    }

    @Override
    public Integer call() throws IOException {
        try {
            AdminClient.revoke(state.folder(), client);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
        output.report(new Revoked(client, true));
        return ExitCode.OK.number();
    }
}
