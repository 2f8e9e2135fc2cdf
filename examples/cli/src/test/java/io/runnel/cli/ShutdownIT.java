package io.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runnel.cli.client.ServerAccess;
import io.runnel.cli.client.Session;
import io.runnel.cli.client.SessionSettings;
import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.Event;
import io.runnel.cli.process.LocalSwarm;
import io.runnel.cli.process.Order;
import io.runnel.crypto.BlobId;
import io.runnel.devserver.Ingest;
import io.runnel.devserver.IngestListener;
import io.runnel.devserver.ServerInfo;
import io.runnel.fetch.FetchListener;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A seeder ends while it serves: in time, and with nothing left behind. */
class ShutdownIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int SIZE = 40_000_000;

    @TempDir
    static Path folder;

    private static LocalSwarm swarm;
    private static BlobId blob;
    private static int viewers;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        byte[] bytes = new byte[SIZE];
        new SplittableRandom(2).nextBytes(bytes);
        Path input = Files.write(folder.resolve("input"), bytes);
        swarm = LocalSwarm.start(folder, Duration.ofMinutes(5));
        blob = Ingest.ingest(swarm.state(), input, IngestListener.NONE).blobId();
    }

    @AfterAll
    static void stop() throws IOException {
        swarm.close();
    }

    /** Returns when a viewer without an origin is in the middle of the blob. */
    private static ChildJvm viewerMidway() throws IOException, InterruptedException {
        ChildJvm viewer = swarm.peer("viewer" + ++viewers, "--no-origin");
        LocalSwarm.awaitReady(viewer);
        viewer.send(
                new Order.Get(blob.toString(), folder.resolve("out" + viewers).toString()));
        assertThat(viewer.await(Event.Progress.class, PATIENCE).doneBytes()).isLessThan(SIZE);
        return viewer;
    }

    @Test
    void terminate_whileSeeding_endsTheProcessInTime() throws IOException, InterruptedException {
        Process seeder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "seed",
                        "--state",
                        swarm.state().toString(),
                        blob.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            ChildJvm viewer = viewerMidway();
            long start = System.nanoTime();
            seeder.destroy();
            assertThat(seeder.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(System.nanoTime() - start).isLessThan(BOUND_NANOS);
            swarm.end(viewer);
        } finally {
            seeder.destroyForcibly();
        }
    }

    @Test
    void close_whileSeeding_leavesNoThreadDescriptorOrDirectBuffer() throws IOException, InterruptedException {
        seedAndClose();
        Left first = Left.now();
        seedAndClose();
        await().atMost(PATIENCE).untilAsserted(() -> {
            Left second = Left.now();
            assertThat(second.descriptors()).isLessThanOrEqualTo(first.descriptors());
            assertThat(second.directBuffers()).isLessThanOrEqualTo(first.directBuffers());
            assertThat(second.nativeThreads()).isLessThanOrEqualTo(first.nativeThreads());
        });
    }

    private void seedAndClose() throws IOException, InterruptedException {
        ServerInfo server = ServerInfo.read(swarm.state());
        ServerAccess access =
                new ServerAccess(server.baseUri(), server.caCertificate(), server.clientToken(), "seeder");
        SessionSettings settings =
                new SessionSettings(folder.resolve("store"), SessionSettings.Peers.SHARE, true, false, PATIENCE);
        Session session = Session.open(access, settings, new FetchListener() {});
        session.seed(blob, (done, total, totals) -> {});
        ChildJvm viewer = viewerMidway();
        long start = System.nanoTime();
        session.close();
        assertThat(System.nanoTime() - start).isLessThan(BOUND_NANOS);
        await().atMost(PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("runnel-")
                                && !thread.getName().startsWith("runnel-child-")));
        swarm.end(viewer);
    }

    /** What this process holds of the system. */
    private record Left(long descriptors, long directBuffers, long nativeThreads) {
        static Left now() throws IOException {
            System.gc();
            return new Left(
                    count("/proc/self/fd"),
                    ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                            .filter(pool -> pool.getName().equals("direct"))
                            .mapToLong(BufferPoolMXBean::getCount)
                            .sum(),
                    count("/proc/self/task"));
        }

        private static long count(String path) throws IOException {
            try (Stream<Path> entries = Files.list(Path.of(path))) {
                return entries.count();
            }
        }
    }
}
