package io.runnel.devserver.state;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The clients that were revoked, as files, so that a revocation outlives the process and other processes can add one. */
public final class Revocations {
    private static final String SUFFIX = ".json";

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

    /** All clients that are revoked. */
    public List<String> all() throws IOException {
        List<String> clients = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.revoked(), "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                clients.add(name.substring(0, name.length() - SUFFIX.length()));
            }
        }
        return clients;
    }

    private Path file(String client) {
        return folder.revoked().resolve(ClientNames.check(client) + SUFFIX);
    }
}
