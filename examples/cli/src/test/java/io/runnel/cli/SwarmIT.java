package io.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.runnel.cli.client.GetReport;
import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.Event;
import io.runnel.cli.process.LocalSwarm;
import io.runnel.cli.process.Order;
import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import io.runnel.crypto.BlobId;
import io.runnel.devserver.AdminClient;
import io.runnel.devserver.Ingest;
import io.runnel.devserver.IngestListener;
import io.runnel.sharing.SharingMode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The main job over real parts, every party a process: one server and one honest seeder, a viewer for each test. */
class SwarmIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SIZE = 5_000_000;

    @TempDir
    static Path folder;

    private static LocalSwarm swarm;
    private static ChildJvm seeder;
    private static byte[] input;
    private static BlobId blob;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        swarm = LocalSwarm.start(folder, Duration.ofSeconds(5));
        input = random(SIZE);
        blob = ingest(input);
        seeder = swarm.peer("seeder");
        LocalSwarm.awaitReady(seeder);
        seed(seeder, blob);
    }

    @AfterAll
    static void stop() throws IOException {
        swarm.close();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    private static BlobId ingest(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("input-" + content.length), content);
        return Ingest.ingest(swarm.state(), file, IngestListener.NONE).blobId();
    }

    private static void seed(ChildJvm peer, BlobId id) throws IOException, InterruptedException {
        peer.send(new Order.Seed(id.toString()));
        peer.await(Event.Complete.class, PATIENCE);
    }

    private static GetReport get(ChildJvm viewer, BlobId id, byte[] expected) throws IOException, InterruptedException {
        Path output = folder.resolve(viewer.name() + ".out");
        viewer.send(new Order.Get(id.toString(), output.toString()));
        GetReport report = viewer.await(Event.Fetched.class, PATIENCE).report();
        assertThat(Files.readAllBytes(output)).isEqualTo(expected);
        assertThat(report.sizeBytes()).isEqualTo(expected.length);
        Files.delete(output);
        return report;
    }

    private static ChildJvm viewer(String name, String... options) throws IOException, InterruptedException {
        ChildJvm viewer = swarm.peer(name, options);
        LocalSwarm.awaitReady(viewer);
        return viewer;
    }

    private static long bytesFrom(GetReport report, String kind) {
        return report.bytesBySource().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(kind))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    @Test
    void get_withPeersAndOrigin_isTheInput() throws IOException, InterruptedException {
        ChildJvm viewer = viewer("both");
        GetReport report = get(viewer, blob, input);
        assertThat(bytesFrom(report, "")).isGreaterThanOrEqualTo(SIZE + 40L);
        assertThat(report.rejectedGroups()).isZero();
        swarm.end(viewer);
    }

    @Test
    void get_allPeersAbsent_originServesAlone() throws IOException, InterruptedException {
        ChildJvm viewer = viewer("origin-only", "--no-peers");
        GetReport report = get(viewer, blob, input);
        assertThat(bytesFrom(report, "origin")).isGreaterThanOrEqualTo(SIZE + 40L);
        assertThat(report.offload()).isZero();
        swarm.end(viewer);
    }

    @Test
    void get_originLostTheBlob_peersServeAlone() throws IOException, InterruptedException {
        byte[] content = random(700_000);
        BlobId id = ingest(content);
        seed(seeder, id);
        Path atOrigin = swarm.state().resolve("blobs").resolve("blobs").resolve(id.toString());
        Files.delete(atOrigin);
        Files.delete(atOrigin.resolveSibling(id + ".obao4"));
        ChildJvm viewer = viewer("peers-only");
        GetReport report = get(viewer, id, content);
        assertThat(report.offload()).isEqualTo(1.0);
        swarm.end(viewer);
    }

    @Test
    void get_aPeerLies_itIsNamedAndTheBytesAreRight() throws IOException, InterruptedException {
        byte[] content = random(900_000);
        BlobId id = ingest(content);
        ChildJvm liar = viewer("liar", "--corrupt");
        seed(liar, id);
        ChildJvm viewer = viewer("lied-to", "--no-origin");
        viewer.send(new Order.Get(id.toString(), folder.resolve("lied-to.out").toString()));
        String met = viewer.await(Event.Joined.class, PATIENCE).source();
        seed(seeder, id);
        GetReport report = viewer.await(Event.Fetched.class, PATIENCE).report();
        assertThat(Files.readAllBytes(folder.resolve("lied-to.out"))).isEqualTo(content);
        assertThat(report.rejectedGroups()).isPositive();
        assertThat(report.rejectedSources()).containsExactly(met);
        swarm.end(viewer);
        swarm.end(liar);
    }

    @Test
    void open_revokedClient_failsWithKeyRevokedWithinAnEpoch() throws IOException, InterruptedException {
        ChildJvm viewer = viewer("revoked", "--no-peers");
        get(viewer, blob, input);
        AdminClient.revoke(swarm.state(), "revoked");
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> {
                    while (System.nanoTime() < end) {
                        viewer.send(new Order.Open(blob.toString()));
                        viewer.await(Event.Opened.class, PATIENCE);
                    }
                })
                .satisfies(failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.KEY_REVOKED));
        swarm.end(viewer);
    }

    @Test
    void mode_offThenOnOnTheServer_holdsForRunningAndNewPeers() throws IOException, InterruptedException {
        ChildJvm early = viewer("mode-early");
        AdminClient.mode(swarm.state(), SharingMode.OFF);
        ChildJvm late = viewer("mode-late");
        assertThat(get(early, blob, input).offload()).isZero();
        assertThat(get(late, blob, input).offload()).isZero();
        AdminClient.mode(swarm.state(), SharingMode.ON);
        ChildJvm after = viewer("mode-after", "--no-origin");
        assertThat(get(after, blob, input).offload()).isEqualTo(1.0);
        swarm.end(early);
        swarm.end(late);
        swarm.end(after);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16384, 16385})
    void get_smallBlob_isTheInput(int size) throws IOException, InterruptedException {
        byte[] content = random(size);
        BlobId id = ingest(content);
        ChildJvm viewer = viewer("small-" + size);
        get(viewer, id, content);
        swarm.end(viewer);
    }

    @Test
    void getCommand_prefixOfTheId_writesTheFileAndLeavesNothingElse() throws IOException {
        Path output = Files.createDirectory(folder.resolve("command")).resolve("out.bin");
        String json = TestCommands.succeed(
                "get",
                "--json",
                "--no-peers",
                "--state",
                swarm.state().toString(),
                blob.toString().substring(0, 20),
                "-o",
                output.toString());
        assertThat(json).startsWith("{\"blob\":\"" + blob + "\"");
        assertThat(Files.readAllBytes(output)).isEqualTo(input);
        try (var files = Files.list(folder.resolve("command"))) {
            assertThat(files).containsExactly(output);
        }
    }

    @Test
    void getCommand_partIsALink_saysSoAndLeavesWhatItLeadsToAlone() throws IOException {
        Path outputs = Files.createDirectory(folder.resolve("linked"));
        Path output = outputs.resolve("x");
        Path other = Files.writeString(outputs.resolve("other"), "somebody's");
        Files.createSymbolicLink(outputs.resolve("x.part"), other);
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), new String[] {
            "get", "--no-peers", "--state", swarm.state().toString(), blob.toString(), "-o", output.toString()
        });
        assertThat(code).isEqualTo(ExitCode.FAILURE.number());
        assertThat(err.toString()).contains(output + ".part: is a symbolic link", "remove it");
        assertThat(other).hasContent("somebody's");
    }

    @Test
    void seed_clientRevokedWhileServing_endsWithKeyRevoked() throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String state = swarm.state().toString();
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(
                () -> Main.run(new PrintWriter(out, true), new PrintWriter(err, true), new String[] {
                    "seed", "--state", state, "--client", "leaver", blob.toString()
                }));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> code.isDone() || err.toString().contains("serving"));
        AdminClient.revoke(swarm.state(), "leaver");
        assertThat(code.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(err.toString())
                .isEqualTo(ExitCode.KEY_REVOKED.number());
        assertThat(err.toString()).contains("revoked this client");
    }

    @Test
    void getCommand_unknownBlob_leavesNothing() throws IOException {
        Path outputs = Files.createDirectory(folder.resolve("outputs"));
        int code = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), new String[] {
            "get",
            "--state",
            swarm.state().toString(),
            "ab".repeat(32),
            "-o",
            outputs.resolve("x").toString()
        });
        assertThat(code).isEqualTo(ExitCode.NOT_FOUND.number());
        assertThat(outputs).isEmptyDirectory();
    }
}
