package io.runnel.cli.demo;

import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.Event;
import io.runnel.cli.process.LocalSwarm;
import io.runnel.cli.process.Order;
import io.runnel.cli.progress.ProgressView;
import io.runnel.crypto.BlobId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who takes part: three honest seeders, and the viewer that is later revoked.
 *
 * @param seeders hold the blob and serve it
 * @param viewer has nothing yet
 */
record Cast(LocalSwarm swarm, BlobId blob, PrintWriter remarks, List<ChildJvm> seeders, ChildJvm viewer) {
    /** The viewer's name, as the server knows it. */
    static final String VIEWER = "viewer";

    /** The longest that one step may take on a slow machine with a large file. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Starts the peers; on return the seeders hold the blob. */
    static Cast gather(LocalSwarm swarm, BlobId blob, PrintWriter remarks) throws IOException, InterruptedException {
        List<ChildJvm> seeders = List.of(swarm.peer("peer-1"), swarm.peer("peer-2"), swarm.peer("peer-3"));
        ChildJvm viewer = swarm.peer(VIEWER);
        Cast cast = new Cast(swarm, blob, remarks, seeders, viewer);
        cast.say("three seeders start, each its own JVM, and fetch the blob from the origin and from each other");
        for (ChildJvm seeder : seeders) {
            LocalSwarm.awaitReady(seeder);
            seeder.send(new Order.Seed(blob.toString()));
        }
        for (ChildJvm seeder : seeders) {
            cast.complete(seeder);
        }
        LocalSwarm.awaitReady(viewer);
        return cast;
    }

    /** Waits until a seeder holds the blob, showing how far it is. */
    void complete(ChildJvm seeder) throws InterruptedException {
        try (ProgressView view = ProgressView.open(seeder.name(), remarks)) {
            seeder.await(Event.Complete.class, PATIENCE, event -> show(view, event));
        }
    }

    /** Has a viewer download the blob, showing from whom it comes. */
    Event.Fetched fetched(ChildJvm viewer) throws InterruptedException {
        Set<String> named = new HashSet<>();
        try (ProgressView view = ProgressView.open(viewer.name(), remarks)) {
            return viewer.await(Event.Fetched.class, PATIENCE, event -> {
                show(view, event);
                if (event instanceof Event.Rejected rejected && named.add(rejected.source())) {
                    say("  " + rejected.source() + " is lying and is dropped: " + rejected.what());
                }
            });
        }
    }

    Path output(ChildJvm viewer) {
        return swarm.folder().resolve(viewer.name() + ".out");
    }

    void say(String line) {
        remarks.println(line);
        remarks.flush();
    }

    private static void show(ProgressView view, Event event) {
        if (event instanceof Event.Progress progress) {
            view.update(progress.doneBytes(), progress.totalBytes(), note(progress.bytesBySource()));
        }
    }

    private static String note(Map<String, Long> bytesBySource) {
        StringBuilder note = new StringBuilder();
        bytesBySource.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> note.append(note.isEmpty() ? "" : ", ")
                        .append(entry.getKey(), 0, Math.min(entry.getKey().length(), 12))
                        .append(' ')
                        .append(entry.getValue() / 1_000_000));
        return note.toString();
    }
}
