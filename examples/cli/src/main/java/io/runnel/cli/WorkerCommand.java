package io.runnel.cli;

import io.runnel.cli.client.ServerAccess;
import io.runnel.cli.client.Session;
import io.runnel.cli.client.SessionSettings;
import io.runnel.cli.process.RenewableSession;
import io.runnel.cli.process.Worker;
import io.runnel.cli.report.ExitCode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A peer that a parent process gives orders to: see {@link io.runnel.cli.process}. */
@Command(name = "worker", hidden = true, description = "A peer that takes orders on standard input.")
final class WorkerCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private final FetchOptions fetch = new FetchOptions();

    @Option(names = "--corrupt")
    private boolean corrupt;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Worker worker = new Worker(System.in, System.out);
        ServerAccess access = connection.access();
        SessionSettings settings = fetch.settings(null, true, corrupt);
        try (RenewableSession session =
                new RenewableSession(() -> Session.open(access, settings, worker.listener()), settings.store())) {
            worker.run(session);
        }
        return ExitCode.OK.number();
    }
}
