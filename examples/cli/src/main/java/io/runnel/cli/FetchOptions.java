package io.runnel.cli;

import io.runnel.cli.client.SessionSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** From whom a command fetches, and where it keeps what it fetched. */
public final class FetchOptions {
    @Option(names = "--no-peers", description = "Fetch from the origin only, and serve nobody.")
    private boolean noPeers;

    @Option(names = "--no-origin", description = "Fetch from peers only.")
    private boolean noOrigin;

    @Option(names = "--store", paramLabel = "DIR", description = "Folder for the ciphertext fetched.")
    private @Nullable Path store;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "Fail when nothing at all arrives for so long (default ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before any command runs
    private CommandSpec command;

    /**
     * The settings these options ask for.
     *
     * @param defaultStore the folder where no store is named; null is memory
     * @param share whether whoever runs the command agreed to serve peers
     */
    SessionSettings settings(@Nullable Path defaultStore, boolean share, boolean corrupt) {
        if (noPeers && noOrigin) {
            throw new ParameterException(
                    command.commandLine(), "--no-peers and --no-origin together leave nobody to fetch from");
        }
        if (timeoutSeconds < 1 || timeoutSeconds > 3600) {
            throw new ParameterException(
                    command.commandLine(), "--timeout: " + timeoutSeconds + ", must be 1 to 3600 seconds");
        }
        return new SessionSettings(
                store == null ? defaultStore : store,
                peers(share),
                !noOrigin,
                corrupt,
                Duration.ofSeconds(timeoutSeconds));
    }

    private SessionSettings.Peers peers(boolean share) {
        if (noPeers) {
            return SessionSettings.Peers.NONE;
        }
        return share ? SessionSettings.Peers.SHARE : SessionSettings.Peers.FETCH;
    }

    /** Whether the user named a store. */
    boolean namesStore() {
        return store != null;
    }
}
