package io.runnel.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command without a subcommand: says which there are. */
@Command(
        name = "runnel",
        mixinStandardHelpOptions = true,
        version = "runnel 0.1.0",
        description = "Encrypted, verified blobs from peers and an HTTP origin.",
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            IngestCommand.class,
            SeedCommand.class,
            GetCommand.class,
            InfoCommand.class,
            RevokeCommand.class,
            ModeCommand.class,
            BenchCommand.class,
            SimCommand.class,
            WorkerCommand.class,
            RawCommand.class,
            HttpCommand.class,
            LoopCommand.class,
            HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong usage",
            "3:a demonstration shows a difference",
            "4:no server",
            "10:KEY_REVOKED",
            "11:KEY_UNAVAILABLE",
            "12:NOT_FOUND",
            "13:ORIGIN_DENIED",
            "14:ORIGIN_FAILED",
            "15:INTEGRITY",
            "16:TIMED_OUT",
            "17:STORE_FAILED",
            "18:CLOSED"
        })
final class RunnelCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "Which command? Start with: runnel demo");
    }
}
