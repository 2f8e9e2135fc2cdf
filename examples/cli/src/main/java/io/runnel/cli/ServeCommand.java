package io.runnel.cli;

import io.runnel.cli.process.Event;
import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import io.runnel.cli.report.Json;
import io.runnel.devserver.DevServer;
import io.runnel.devserver.ServerPart;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the dev server until the process is ended. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Run the dev server: origin, app server and tracker on one TLS port.")
final class ServeCommand implements Callable<Integer> {
    private static final int LONGEST_EPOCH_SECONDS = 86_400;

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final StateOptions state = new StateOptions();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "By default the port it had before on this folder, so that clients find it again.")
    private @Nullable Integer port;

    @Option(names = "--host", paramLabel = "HOST", defaultValue = "localhost", description = "Default localhost.")
    @SuppressWarnings("NullAway.Init") // picocli fills in the default
    private String host;

    @Option(names = "--epoch", paramLabel = "SECONDS", defaultValue = "300", description = "Default 300 s.")
    private int epochSeconds;

    @Option(names = "--no-origin", description = "Answer 503 instead of serving blobs, to see what clients do then.")
    private boolean noOrigin;

    @Option(names = "--no-keys", description = "Answer 503 to keys channels.")
    private boolean noKeys;

    @Option(names = "--no-tracker", description = "Answer 503 to peers that seek each other.")
    private boolean noTracker;

    @Option(names = "--child", hidden = true, description = "Tell a parent process, and end when it does.")
    private boolean child;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (DevServer server = start()) {
            AtEnd.run("runnel-serve-end", server::close);
            if (child) {
                output.line(Json.write(new Event.Ready()));
                waitForParent();
            } else {
                output.report(ServeReport.of(server, state.folder(), epochSeconds));
                new CountDownLatch(1).await();
            }
        }
        return ExitCode.OK.number();
    }

    private DevServer start() throws IOException {
        Path folder = state.folder();
        PortFile remembered = PortFile.of(folder);
        int wanted = port == null ? remembered.read() : port;
        DevServer server;
        try {
            server = start(folder, wanted);
        } catch (BindException taken) {
            if (port != null) {
                throw new CommandException(
                        ExitCode.FAILURE, "port " + port + " is taken: give another, or 0 for any that is free");
            }
            server = start(folder, 0);
        }
        remembered.write(server.port());
        return server;
    }

    private DevServer start(Path folder, int onPort) throws IOException {
        if (onPort < 0 || onPort > 65535) {
            throw new ParameterException(command.commandLine(), "--port: " + onPort + ", must be 0 to 65535");
        }
        if (epochSeconds < 1 || epochSeconds > LONGEST_EPOCH_SECONDS) {
            throw new ParameterException(
                    command.commandLine(),
                    "--epoch: " + epochSeconds + ", must be 1 to " + LONGEST_EPOCH_SECONDS + " seconds");
        }
        if (!isKnown(host)) {
            throw new ParameterException(
                    command.commandLine(), "--host: no address is known of " + host + ": name one of this machine");
        }
        DevServer.Builder server =
                DevServer.builder(folder).host(host).port(onPort).epochLength(Duration.ofSeconds(epochSeconds));
        leftOut().forEach(server::without);
        return server.build().start();
    }

    private static boolean isKnown(String host) {
        try {
            return InetAddress.getAllByName(host).length > 0 && !host.isEmpty();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private Set<ServerPart> leftOut() {
        Set<ServerPart> leftOut = EnumSet.noneOf(ServerPart.class);
        if (noOrigin) {
            leftOut.add(ServerPart.ORIGIN);
        }
        if (noKeys) {
            leftOut.add(ServerPart.KEYS);
        }
        if (noTracker) {
            leftOut.add(ServerPart.TRACKER);
        }
        return leftOut;
    }

    private static void waitForParent() throws IOException {
        while (System.in.read() >= 0) {
            // A parent sends nothing: what counts is the end of the stream.
        }
    }
}
