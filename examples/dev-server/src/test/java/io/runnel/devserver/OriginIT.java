package io.runnel.devserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OriginIT {
    private static final int PLAINTEXT_BYTES = 1_000_000;
    private static final int SIZE = PLAINTEXT_BYTES + 40;

    @TempDir
    static Path dir;

    private DevServer server;
    private HttpClient http;
    private CatalogRecord record;
    private byte[] blob;

    @BeforeAll
    void start() throws Exception {
        Path state = dir.resolve("state");
        server = DevServer.builder(state).build().start();
        record = TestFolders.ingest(state, TestFolders.file(dir, PLAINTEXT_BYTES));
        blob = Files.readAllBytes(
                state.resolve("blobs").resolve(record.bucket()).resolve(record.key()));
        http = TestFolders.client(server.caCertificate(), HttpClient.Version.HTTP_1_1);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void get_whole_isTheBlobOverEitherProtocol(HttpClient.Version version) throws Exception {
        HttpClient client = TestFolders.client(server.caCertificate(), version);
        HttpResponse<byte[]> response = TestFolders.send(client, "GET", uri(""));

        assertThat(response.version()).isEqualTo(version);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(blob);
        assertThat(header(response, "content-length")).isEqualTo(Integer.toString(SIZE));
        assertThat(header(response, "accept-ranges")).isEqualTo("bytes");
        assertThat(header(response, "etag")).isEqualTo('"' + record.key() + '"');
        assertThat(header(response, "content-type")).isEqualTo("application/octet-stream");
        assertThat(header(response, "cache-control")).contains("immutable");
        assertThat(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header(response, "date"), Instant::from))
                .isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=0-16383, 0, 16383",
        "bytes=65535-65537, 65535, 65537",
        "bytes=999000-, 999000, 1000039",
        "bytes=1000039-9999999, 1000039, 1000039",
        "bytes=-16, 1000024, 1000039",
        "bytes=-99999999, 0, 1000039"
    })
    void get_oneRange_is206WithThoseBytes(String range, int first, int last) throws Exception {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpClient client = TestFolders.client(server.caCertificate(), version);
            HttpResponse<byte[]> response = TestFolders.send(client, "GET", uri(""), "Range", range);

            assertThat(response.statusCode()).isEqualTo(206);
            assertThat(header(response, "content-range")).isEqualTo("bytes " + first + "-" + last + "/" + SIZE);
            assertThat(response.body()).isEqualTo(Arrays.copyOfRange(blob, first, last + 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=1000040-", "bytes=5000000-6000000", "bytes=-0"})
    void get_rangeBeyondTheEnd_is416WithTheSize(String range) throws Exception {
        HttpResponse<byte[]> response = get("Range", range);

        assertThat(response.statusCode()).isEqualTo(416);
        assertThat(header(response, "content-range")).isEqualTo("bytes */" + SIZE);
        assertThat(response.headers().firstValue("cache-control")).isEmpty();
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,5-6", "bytes=5-1", "items=0-1", "bytes=x"})
    void get_rangeThatMayBeIgnored_is200WithEverything(String range) throws Exception {
        HttpResponse<byte[]> response = get("Range", range);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).hasSize(SIZE);
    }

    @Test
    void get_symbolicLink_isNotFollowed() throws Exception {
        Path bucket = dir.resolve("state/blobs").resolve(record.bucket());
        String name = "ab".repeat(32);
        Files.createSymbolicLink(bucket.resolve(name), bucket.resolve(record.key()));
        Files.createSymbolicLink(bucket.resolveSibling("linked"), bucket);
        assertThat(TestFolders.send(http, "GET", server.baseUri().resolve("/" + record.bucket() + "/" + name))
                        .statusCode())
                .isEqualTo(404);
        assertThat(TestFolders.send(http, "GET", server.baseUri().resolve("/linked/" + record.key()))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void get_ifRange_servesTheRangeForThisTagOnly() throws Exception {
        String tag = '"' + record.key() + '"';

        assertThat(get("Range", "bytes=0-9", "If-Range", tag).statusCode()).isEqualTo(206);
        assertThat(get("Range", "bytes=0-9", "If-Range", "\"other\"").statusCode())
                .isEqualTo(200);
        assertThat(get("Range", "bytes=0-9", "If-Range", "W/" + tag).statusCode())
                .isEqualTo(200);
        assertThat(get("Range", "bytes=0-9", "If-Range", "Sun, 22 Nov 2026 00:00:00 GMT")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void get_ifNoneMatchAndIfMatch_answer304And412() throws Exception {
        String tag = '"' + record.key() + '"';

        HttpResponse<byte[]> notModified = get("If-None-Match", "\"a\", W/" + tag);
        assertThat(notModified.statusCode()).isEqualTo(304);
        assertThat(notModified.body()).isEmpty();
        assertThat(header(notModified, "etag")).isEqualTo(tag);
        assertThat(get("If-None-Match", "\"a\"").statusCode()).isEqualTo(200);
        assertThat(get("If-Match", "\"a\"").statusCode()).isEqualTo(412);
        assertThat(get("If-Match", tag).statusCode()).isEqualTo(200);
        assertThat(get("If-Match", "*").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void head_blob_hasTheHeadersOfTheWholeAndNoBody(HttpClient.Version version) throws Exception {
        HttpClient client = TestFolders.client(server.caCertificate(), version);
        HttpResponse<byte[]> response = TestFolders.send(client, "HEAD", uri(""), "Range", "bytes=0-1");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "content-length")).isEqualTo(Integer.toString(SIZE));
        assertThat(header(response, "accept-ranges")).isEqualTo("bytes");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void get_outboard_isServedBesideTheBlob() throws Exception {
        HttpResponse<byte[]> response = TestFolders.send(http, "GET", uri(".obao4"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).hasSize(64 * ((SIZE - 1) / 16384));
        assertThat(header(response, "etag")).isEqualTo('"' + record.key() + ".obao4\"");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void get_emptyPlaintext_hasABlobOf40BytesAndAnEmptyOutboard(HttpClient.Version version) throws Exception {
        CatalogRecord empty = TestFolders.ingest(dir.resolve("state"), TestFolders.file(dir, 0));
        URI uri = server.baseUri().resolve("/" + empty.bucket() + "/" + empty.key());
        HttpClient client = TestFolders.client(server.caCertificate(), version);

        assertThat(TestFolders.send(client, "GET", uri).body()).hasSize(40);
        HttpResponse<byte[]> outboard = TestFolders.send(client, "GET", URI.create(uri + ".obao4"));
        assertThat(outboard.statusCode()).isEqualTo(200);
        assertThat(outboard.body()).isEmpty();
        assertThat(header(outboard, "content-length")).isEqualTo("0");
        assertThat(TestFolders.send(client, "GET", URI.create(uri + ".obao4"), "Range", "bytes=0-")
                        .statusCode())
                .isEqualTo(416);
    }

    @Test
    void get_queryAfterThePath_isIgnored() throws Exception {
        assertThat(TestFolders.send(http, "GET", URI.create(uri("") + "?token=x"))
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/blobs",
                "/blobs/",
                "/blobs/../keys/0000000000000000000000000000000000000000000000000000000000000000",
                "/%2e%2e/keys/0000000000000000000000000000000000000000000000000000000000000000",
                "/blobs/0000000000000000000000000000000000000000000000000000000000000000",
                "/server.json",
                "/keys/0000000000000000000000000000000000000000000000000000000000000000.json"
            })
    void get_anythingElse_is404(String path) throws Exception {
        assertThat(TestFolders.send(http, "GET", URI.create(server.baseUri() + path))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void otherMethods_are405() throws Exception {
        HttpResponse<byte[]> response = TestFolders.send(http, "DELETE", uri(""));

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void get_channelsWithoutUpgrade_areRefused() throws Exception {
        for (String path : new String[] {"/cdn/keys/v1", "/cdn/swarm/v1"}) {
            assertThat(TestFolders.send(http, "GET", server.baseUri().resolve(path))
                            .statusCode())
                    .isEqualTo(426);
        }
    }

    private URI uri(String suffix) {
        return server.baseUri().resolve("/" + record.bucket() + "/" + record.key() + suffix);
    }

    private HttpResponse<byte[]> get(String... headers) throws IOException, InterruptedException {
        return TestFolders.send(http, "GET", uri(""), headers);
    }

    private static String header(HttpResponse<byte[]> response, String name) {
        return response.headers().firstValue(name).orElse("absent");
    }
}
