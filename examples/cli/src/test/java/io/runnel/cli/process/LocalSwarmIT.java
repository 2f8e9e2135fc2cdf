package io.runnel.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.runnel.cli.client.GetReport;
import io.runnel.cli.report.CommandException;
import io.runnel.devserver.Ingest;
import io.runnel.devserver.IngestListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSwarmIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void close_endsEveryChildAndLeavesNoFile() throws IOException, InterruptedException {
        LocalSwarm swarm = LocalSwarm.start(folder, Duration.ofSeconds(5));
        assertThat(swarm.state().resolve("server.json")).exists();
        swarm.close();
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void abandon_whilePeersRun_leavesNoFileAndStartsNoOther() throws IOException, InterruptedException {
        try (LocalSwarm swarm = LocalSwarm.start(folder, Duration.ofSeconds(5))) {
            // Unpacks its native library, and is killed in the middle of it or after.
            Path natives = swarm.temporary();
            swarm.peer("peer");
            swarm.abandon();
            assertThat(natives).doesNotExist();
            try (var left = Files.list(folder)) {
                assertThat(left).isEmpty();
            }
            assertThatExceptionOfType(CommandException.class)
                    .isThrownBy(() -> swarm.peer("late"))
                    .withMessage("ended by a signal");
        }
    }

    @Test
    void startServer_afterAKill_hasTheSamePort() throws IOException, InterruptedException {
        try (LocalSwarm swarm = LocalSwarm.start(folder, Duration.ofSeconds(5))) {
            String port = Files.readString(swarm.state().resolve("port"));
            swarm.killServer();
            swarm.startServer();
            assertThat(Files.readString(swarm.state().resolve("port"))).isEqualTo(port);
        }
    }

    @Test
    void await_childThatEnds_saysSo() throws IOException, InterruptedException {
        try (LocalSwarm swarm = LocalSwarm.start(folder, Duration.ofSeconds(5))) {
            ChildJvm child = swarm.child("short-lived", LocalSwarm.PEER_FLAGS, List.of("--version"));
            assertThatExceptionOfType(CommandException.class)
                    .isThrownBy(() -> child.await(Event.Opened.class, PATIENCE))
                    .withMessageContaining("short-lived ended");
        }
    }

    @Test
    void renew_peerThatHasTheBlob_fetchesItAgain() throws IOException, InterruptedException {
        Path file = Files.write(folder.resolve("file"), new byte[100_000]);
        try (LocalSwarm swarm = LocalSwarm.start(folder, Duration.ofSeconds(5))) {
            String blob = Ingest.ingest(swarm.state(), file, IngestListener.NONE)
                    .blobId()
                    .toString();
            ChildJvm peer = swarm.peer("viewer", "--no-peers");
            LocalSwarm.awaitReady(peer);
            get(peer, blob);
            assertThat(get(peer, blob).bytesBySource()).isEmpty();
            peer.send(new Order.Renew());
            LocalSwarm.awaitReady(peer);
            GetReport again = get(peer, blob);
            assertThat(again.bytesFromStore()).isZero();
            assertThat(again.bytesBySource()).isNotEmpty();
        }
    }

    private GetReport get(ChildJvm peer, String blob) throws IOException, InterruptedException {
        peer.send(new Order.Get(blob, folder.resolve("out").toString()));
        return peer.await(Event.Fetched.class, PATIENCE).report();
    }
}
