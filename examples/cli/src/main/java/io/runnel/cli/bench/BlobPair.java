package io.runnel.cli.bench;

import io.runnel.cli.process.LocalSwarm;
import io.runnel.crypto.BlobId;
import io.runnel.devserver.Ingest;
import io.runnel.devserver.IngestListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Two blobs of one size: the first is fetched to warm up, the second to measure. */
record BlobPair(BlobId first, BlobId second) {
    private static final long SEED = 20261122;

    /** Makes and publishes two files of random bytes, the same in each run. */
    static BlobPair publish(LocalSwarm swarm, long sizeBytes) throws IOException {
        return new BlobPair(publish(swarm, sizeBytes, SEED), publish(swarm, sizeBytes, SEED + 1));
    }

    /** Makes and publishes one file of random bytes, by its seed. */
    static BlobId publish(LocalSwarm swarm, long sizeBytes, long seed) throws IOException {
        Path file = RandomFile.create(swarm.folder(), sizeBytes, seed);
        BlobId blob = Ingest.ingest(swarm.state(), file, IngestListener.NONE).blobId();
        Files.delete(file);
        return blob;
    }

    List<BlobId> both() {
        return List.of(first, second);
    }
}
