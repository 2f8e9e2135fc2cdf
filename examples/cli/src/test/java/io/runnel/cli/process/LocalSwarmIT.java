package io.runnel.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.runnel.cli.report.CommandException;
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
}
