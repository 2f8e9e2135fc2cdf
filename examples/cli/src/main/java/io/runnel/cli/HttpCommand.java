package io.runnel.cli;

import io.runnel.cli.process.Event;
import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import io.runnel.cli.report.Json;
import io.runnel.cli.report.ResourceUse;
import io.runnel.cli.report.Units;
import io.runnel.devserver.ServerInfo;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The JDK's own HTTP client getting ciphertexts to a file and doing nothing with them: what a fetch from the origin alone
 * is measured against. Reports the last one; those before it warm the process up.
 */
@Command(name = "http", hidden = true, description = "Measure plain downloads from the origin.")
final class HttpCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final StateOptions state = new StateOptions();

    @Option(names = "--output", required = true)
    @SuppressWarnings("NullAway.Init") // required: picocli refuses a command line without it
    private Path file;

    @Parameters(arity = "1..*")
    @SuppressWarnings("NullAway.Init") // required: picocli refuses a command line without it
    private List<String> ids;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ServerInfo server = ServerInfo.read(state.folder());
        HttpClient client =
                HttpClient.newBuilder().sslContext(server.tlsContext()).build();
        for (String id : ids.subList(0, ids.size() - 1)) {
            get(client, server, id);
        }
        output.line(Json.write(get(client, server, ids.get(ids.size() - 1))));
        return ExitCode.OK.number();
    }

    private Event.Measured get(HttpClient client, ServerInfo server, String id)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(server.baseUri().resolve("/blobs/" + id)).build();
        double cpuBefore = ResourceUse.ofThisProcess().cpuSeconds();
        long started = System.nanoTime();
        HttpResponse<Path> response = client.send(request, HttpResponse.BodyHandlers.ofFile(file));
        long elapsed = System.nanoTime() - started;
        if (response.statusCode() != 200) {
            throw new CommandException(ExitCode.FAILURE, "the origin answered " + response.statusCode());
        }
        double rate = Units.megabytesPerSecond(Files.size(file), elapsed);
        Files.delete(file);
        return new Event.Measured(rate, ResourceUse.ofThisProcess().cpuSeconds() - cpuBefore);
    }
}
