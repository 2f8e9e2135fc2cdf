package io.runnel.cli;

import io.runnel.cli.client.ServerAccess;
import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import io.runnel.crypto.BlobId;
import io.runnel.devserver.NoStateFolderException;
import io.runnel.devserver.ServerInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How a command reaches its server: through a state folder, or by what the user says. */
public final class ConnectionOptions {
    @Mixin
    private final StateOptions state = new StateOptions();

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The server, https://HOST:PORT, instead of the one that runs on the state folder.")
    private @Nullable URI server;

    @Option(names = "--ca", paramLabel = "FILE", description = "With --server: the PEM file of the authority to trust.")
    private @Nullable Path authority;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:RUNNEL_TOKEN}",
            description = "With --server: the client's token; better given as RUNNEL_TOKEN in the environment.")
    private @Nullable String token;

    @Option(names = "--client", paramLabel = "NAME", description = "The client's name; by default cli-<user>.")
    private @Nullable String client;

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before any command runs
    private CommandSpec command;

    /** The blob the user means. */
    BlobId blob(String id) throws IOException {
        try {
            return state.blob(id);
        } catch (NoStateFolderException e) {
            if (server == null) {
                throw e;
            }
            throw new CommandException(
                    ExitCode.USAGE,
                    "ID: must be given in full beside --server: beginnings are looked up in a state folder, and "
                            + state.folder() + " is none");
        }
    }

    /** What the client must know of its server. */
    ServerAccess access() {
        if (server == null) {
            ServerInfo info = running();
            return new ServerAccess(info.baseUri(), info.caCertificate(), info.clientToken(), clientName());
        }
        if (authority == null || token == null) {
            throw new ParameterException(
                    command.commandLine(), "--server needs --ca and --token (or RUNNEL_TOKEN) beside it");
        }
        if (!isServer(server)) {
            throw new ParameterException(command.commandLine(), "--server: must be https://HOST:PORT and no more");
        }
        if (!token.matches("[!-~]{1,8192}")) {
            throw new ParameterException(
                    command.commandLine(), "--token: must be 1 to 8192 visible ASCII characters, without a line end");
        }
        if (!Listening.at(server)) {
            throw new CommandException(
                    ExitCode.NO_SERVER, "no server answers at " + server + ": start it, or correct --server");
        }
        return new ServerAccess(server, authority, token, clientName());
    }

    private static boolean isServer(URI server) {
        String path = server.getRawPath();
        return "https".equals(server.getScheme())
                && server.getHost() != null
                && server.getPort() != 0
                && server.getPort() <= 65535
                && server.getRawUserInfo() == null
                && (path.isEmpty() || path.equals("/"))
                && server.getRawQuery() == null
                && server.getRawFragment() == null;
    }

    private ServerInfo running() {
        ServerInfo info;
        try {
            info = ServerInfo.read(state.folder());
        } catch (IOException e) {
            throw new CommandException(ExitCode.NO_SERVER, state.folder() + ": " + Failure.message(e));
        }
        if (!Listening.at(info.baseUri())) {
            throw new CommandException(
                    ExitCode.NO_SERVER,
                    state.folder() + ": the server at " + info.baseUri()
                            + " has ended: start it again with `runnel serve --state " + state.folder() + "`");
        }
        return info;
    }

    private String clientName() {
        if (client != null) {
            if (!client.matches("[A-Za-z0-9._-]{1,128}")) {
                throw new ParameterException(
                        command.commandLine(), "--client: must be 1 to 128 characters of A-Z a-z 0-9 . _ -");
            }
            return client;
        }
        return "cli-" + System.getProperty("user.name", "user").replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
