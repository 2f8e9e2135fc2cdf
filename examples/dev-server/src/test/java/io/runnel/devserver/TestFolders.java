package io.runnel.devserver;

import io.runnel.devserver.tls.TrustedAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/** What several tests do with a state folder and the server on it. */
final class TestFolders {
    private TestFolders() {}

    /** A file of pseudo-random bytes. */
    static Path file(Path dir, int sizeBytes) throws IOException {
        byte[] content = new byte[sizeBytes];
        new Random(sizeBytes).nextBytes(content);
        return Files.write(dir.resolve("file-" + sizeBytes + ".bin"), content);
    }

    static CatalogRecord ingest(Path state, Path file) throws IOException {
        return Ingest.ingest(state, file, IngestListener.NONE);
    }

    /** A client that trusts the server's authority only. */
    static HttpClient client(Path caCertificate, HttpClient.Version version) throws IOException {
        return HttpClient.newBuilder()
                .version(version)
                .connectTimeout(Duration.ofSeconds(10))
                .sslContext(TrustedAuthority.context(caCertificate))
                .build();
    }

    static HttpResponse<byte[]> send(HttpClient client, String method, URI uri, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
