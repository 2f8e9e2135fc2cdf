package io.runnel.devserver.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The clients that were revoked, as files, so that a revocation outlives the process and other processes can add one. */
public final class Revocations {
    private final StateFolder folder;

    /** The revocations of this folder. */
    public Revocations(StateFolder folder) {
        this.folder = folder;
    }

    /** Records a revocation; idempotent. On disk when this returns. */
    public void add(String client) throws IOException {
        folder.replace(
                file(client), Json.encode(Json.object().put("client", client).put("revoked", true)));
    }

    /** Whether the client is revoked. One look at the disk. */
    public boolean contains(String client) {
        return Files.exists(file(client));
    }

    private Path file(String client) {
        return folder.revoked().resolve(ClientNames.check(client) + ".json");
    }
}
