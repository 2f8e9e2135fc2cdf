package io.runnel.cli.process;

import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A dev server and its peers on this machine, each in a JVM of its own, with a temporary folder for what they keep.
 * Nothing of it is left when this is closed, nor when this process is ended by a signal.
 */
public final class LocalSwarm implements AutoCloseable {
    /** Long, for a machine with much else to do: of a child that ends instead is heard at once. */
    private static final Duration START = Duration.ofMinutes(3);

    private static final List<String> SERVER_FLAGS = List.of("-Xmx256m", "-XX:+UseSerialGC");
    /** JVM flags of a frugal app: a small heap, and the collector that needs the least beside it. */
    public static final List<String> PEER_FLAGS = List.of("-Xmx128m", "-XX:+UseSerialGC");

    private final Path folder;

    /** For what the children's libraries unpack. The other folder may be where nothing can be run from. */
    private final Path temporary;

    private final Duration epoch;
    private final List<ChildJvm> children = new CopyOnWriteArrayList<>();
    private final Thread lastResort = new Thread(this::abandon, "runnel-swarm-end");
    private boolean abandoned;

    private LocalSwarm(Path folder, Path temporary, Duration epoch) {
        this.folder = folder;
        this.temporary = temporary;
        this.epoch = epoch;
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /**
     * Starts a dev server.
     *
     * @param parent where the temporary folder of the files is made
     * @param epoch how long an epoch of its keys lasts
     */
    public static LocalSwarm start(Path parent, Duration epoch) throws IOException, InterruptedException {
        LocalSwarm swarm = new LocalSwarm(
                Files.createTempDirectory(parent, "runnel-"), Files.createTempDirectory("runnel-natives-"), epoch);
        try {
            swarm.startServer();
            return swarm;
        } catch (IOException | InterruptedException | RuntimeException e) {
            swarm.close();
            throw e;
        }
    }

    /** Starts the server, on the port it had before where it ran before. */
    public ChildJvm startServer() throws IOException, InterruptedException {
        ChildJvm server = child(
                "server",
                SERVER_FLAGS,
                List.of(
                        "serve",
                        "--child",
                        "--state",
                        state().toString(),
                        "--epoch",
                        Long.toString(epoch.toSeconds())));
        server.await(Event.Ready.class, START);
        return server;
    }

    /** Kills the server, as a crash would. */
    public void killServer() {
        children.stream()
                .filter(child -> child.name().equals("server"))
                .toList()
                .forEach(server -> {
                    server.kill();
                    children.remove(server);
                });
    }

    /** Where files of the parent may be kept. */
    public Path folder() {
        return folder;
    }

    Path temporary() {
        return temporary;
    }

    /** The state folder of the server. */
    public Path state() {
        return folder.resolve("server");
    }

    /**
     * Starts a peer, with a store on disk of its own.
     *
     * @param client its name
     * @param options more options of the worker command
     */
    public ChildJvm peer(String client, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "worker",
                "--state",
                state().toString(),
                "--client",
                client,
                "--store",
                folder.resolve("store-" + client).toString()));
        arguments.addAll(List.of(options));
        return child(client, PEER_FLAGS, arguments);
    }

    /** Waits until a peer takes orders. */
    public static void awaitReady(ChildJvm peer) throws InterruptedException {
        peer.await(Event.Ready.class, START);
    }

    /**
     * Starts any other command of this program.
     *
     * @throws CommandException if this process is being ended by a signal
     */
    public synchronized ChildJvm child(String name, List<String> flags, List<String> arguments) throws IOException {
        if (abandoned) {
            throw new CommandException(ExitCode.FAILURE, "ended by a signal");
        }
        List<String> all = new ArrayList<>(flags);
        all.add("-Djava.io.tmpdir=" + temporary);
        ChildJvm child = ChildJvm.start(name, all, arguments);
        children.add(child);
        return child;
    }

    /** Ends one child, and forgets what its store holds. */
    public void end(ChildJvm child) throws IOException {
        child.close();
        children.remove(child);
        Folders.delete(folder.resolve("store-" + child.name()));
    }

    /** What is done when this process is ended by a signal. */
    synchronized void abandon() {
        abandoned = true;
        children.forEach(ChildJvm::kill);
        try {
            Folders.delete(folder);
            Folders.delete(temporary);
        } catch (IOException leftBehind) {
            // The process is ending; the system clears its temporary folder in time.
        }
    }

    /** Ends all children and deletes the folder. */
    @Override
    public void close() throws IOException {
        children.forEach(ChildJvm::dismiss);
        children.forEach(ChildJvm::close);
        Folders.delete(folder);
        Folders.delete(temporary);
        try {
            Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (IllegalStateException e) {
            // This process is being ended by a signal, and it runs already.
        }
    }
}
