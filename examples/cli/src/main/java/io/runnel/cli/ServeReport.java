package io.runnel.cli;

import io.runnel.cli.report.Report;
import io.runnel.devserver.DevServer;
import java.nio.file.Path;
import java.util.List;

/**
 * How to reach a server that runs.
 *
 * @param server {@code https://HOST:PORT}
 * @param state its state folder, where the tokens are
 * @param ca the PEM file of the authority to trust
 * @param epochSeconds the length of an epoch of its keys
 */
record ServeReport(String server, String state, String ca, int epochSeconds) implements Report {
    static ServeReport of(DevServer server, Path state, int epochSeconds) {
        return new ServeReport(
                server.baseUri().toString(),
                state.toString(),
                server.caCertificate().toString(),
                epochSeconds);
    }

    @Override
    public List<String> lines() {
        return List.of(
                "serving on " + server + ", epochs of " + epochSeconds + " s; end with Ctrl-C",
                "  state folder  " + state,
                "  authority     " + ca,
                "  try           curl --cacert " + ca + " -o blob " + server + "/blobs/ID");
    }
}
