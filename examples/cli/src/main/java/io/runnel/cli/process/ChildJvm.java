package io.runnel.cli.process;

import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import io.runnel.cli.report.Json;
import io.runnel.cli.report.ResourceUse;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;

/**
 * A child process that is a peer, or a dev server. Owned by the thread that started it, except for {@link #close}, which
 * any thread may call.
 */
public final class ChildJvm implements AutoCloseable {
    /** How long a child gets to end of itself once its standard input is closed. */
    private static final Duration FAREWELL = Duration.ofSeconds(4);

    private final String name;
    private final Process process;
    private final BufferedWriter orders;
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();

    /** An event, or, once, the end of the process's output. */
    private record Told(Event event, boolean end) {}

    private ChildJvm(String name, Process process) {
        this.name = name;
        this.process = process;
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::listen, "runnel-child-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a child; its standard error is this process's.
     *
     * @param name for messages about it
     * @param flags for its JVM
     * @param arguments for the program
     */
    public static ChildJvm start(String name, List<String> flags, List<String> arguments) throws IOException {
        return new ChildJvm(
                name,
                new ProcessBuilder(JavaCommand.of(flags, arguments))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    /** What people call it. */
    public String name() {
        return name;
    }

    /** What it has used so far; 0 once it has ended. */
    public ResourceUse use() {
        return ResourceUse.of(process.toHandle());
    }

    /** Gives an order. */
    public void send(Order order) throws IOException {
        orders.write(Json.write(order));
        orders.newLine();
        orders.flush();
    }

    /** Waits for an event of this kind; others are dropped. */
    public <E extends Event> E await(Class<E> kind, Duration timeout) throws InterruptedException {
        return await(kind, timeout, other -> {});
    }

    /**
     * Waits for an event of this kind.
     *
     * @param others hears of the events before it
     * @throws CommandException if the child tells of a failure, ends, or does not tell it in time
     */
    public <E extends Event> E await(Class<E> kind, Duration timeout, Consumer<Event> others)
            throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Told next = told.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw failure(name + " did not answer within " + timeout.toSeconds() + " s");
            }
            if (next.end()) {
                told.add(next);
                throw failure(name + " ended with exit code " + process.waitFor() + "; see its messages above");
            }
            if (kind.isInstance(next.event())) {
                return kind.cast(next.event());
            }
            if (next.event() instanceof Event.Failed failed) {
                throw new CommandException(ExitCode.valueOf(failed.error()), name + ": " + failed.message());
            }
            others.accept(next.event());
        }
    }

    private static CommandException failure(String message) {
        return new CommandException(ExitCode.FAILURE, message);
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                told.add(new Told(Json.read(line, Event.class), false));
            }
        } catch (IOException | JacksonException e) {
            // The pipe broke, or something else wrote to the child's output: either way the child is of no more use.
            process.destroy();
        }
        told.add(new Told(new Event.Ready(), true));
    }

    /** Ends the process at once, without a farewell, as a crash would; returns when it is gone. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Asks the child to end of itself. Idempotent. */
    public void dismiss() {
        try {
            orders.close();
        } catch (IOException alreadyGone) {
            // It ended before: nothing to tell it.
        }
    }

    /** Lets the child end of itself, and ends it where it does not within 4 s. Idempotent. */
    @Override
    public void close() {
        dismiss();
        try {
            if (!process.waitFor(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
