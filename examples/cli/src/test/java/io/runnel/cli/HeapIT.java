package io.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runnel.cli.client.ServerAccess;
import io.runnel.cli.client.Session;
import io.runnel.cli.client.SessionSettings;
import io.runnel.cli.process.LocalSwarm;
import io.runnel.crypto.BlobId;
import io.runnel.devserver.Catalog;
import io.runnel.devserver.ServerInfo;
import io.runnel.fetch.FetchListener;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a closed client leaves in the memory of its process. */
class HeapIT {
    @TempDir
    Path folder;

    @Test
    void closedClient_blobKeyIsNowhereInTheHeap() throws IOException, InterruptedException {
        Path input = Files.write(folder.resolve("input"), new byte[100_000]);
        try (LocalSwarm swarm = LocalSwarm.start(folder, Duration.ofMinutes(5))) {
            BlobId id = ingestElsewhere(swarm, input);
            ServerInfo server = ServerInfo.read(swarm.state());
            ServerAccess access =
                    new ServerAccess(server.baseUri(), server.caCertificate(), server.clientToken(), "heap");
            SessionSettings settings =
                    new SessionSettings(null, SessionSettings.Peers.NONE, true, false, Duration.ofSeconds(30));
            try (Session session = Session.open(access, settings, new FetchListener() {})) {
                session.get(id, folder.resolve("out"), (done, total, totals) -> {});
            }
            Path dump = folder.resolve("heap.hprof");
            dumpAll(dump);
            byte[] key = Files.readAllBytes(swarm.state().resolve("keys").resolve(id.toString()));
            assertThat(key).hasSize(32);
            assertThat(contains(dump, key)).as("K_blob is in the heap dump").isFalse();
            assertThat(contains(dump, id.bytes()))
                    .as("the dump holds what is known to be there")
                    .isTrue();
        }
    }

    /** Dumps this process's heap, garbage included. */
    private static void dumpAll(Path dump) throws IOException, InterruptedException {
        Process jmap = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jmap").toString(),
                        "-dump:format=b,file=" + dump,
                        Long.toString(ProcessHandle.current().pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(jmap.waitFor()).as("jmap's exit code").isZero();
    }

    /** Another process ingests, so that in this one nothing but the client can ever have held the key. */
    private static BlobId ingestElsewhere(LocalSwarm swarm, Path input) throws IOException {
        swarm.child(
                "ingest",
                LocalSwarm.PEER_FLAGS,
                List.of("ingest", "--state", swarm.state().toString(), input.toString()));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !Catalog.ids(swarm.state()).isEmpty());
        return Catalog.ids(swarm.state()).get(0);
    }

    private static boolean contains(Path file, byte[] wanted) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            // A piece more than the array at a time, so that none is missed where two pieces meet.
            int step = 1 << 26;
            for (long at = 0; at < channel.size(); at += step) {
                long length = Math.min(channel.size() - at, (long) step + wanted.length);
                if (contains(channel.map(MapMode.READ_ONLY, at, length), wanted)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean contains(MappedByteBuffer bytes, byte[] wanted) {
        for (int i = 0; i <= bytes.limit() - wanted.length; i++) {
            int matched = 0;
            while (matched < wanted.length && bytes.get(i + matched) == wanted[matched]) {
                matched++;
            }
            if (matched == wanted.length) {
                return true;
            }
        }
        return false;
    }
}
