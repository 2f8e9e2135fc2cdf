package io.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.cli.report.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest extends CommandTest {
    @Test
    void noCommand_isUsage() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("runnel demo");
    }

    @Test
    void unknownCommand_isUsage() {
        assertThat(run("fetch")).isEqualTo(2);
    }

    @Test
    void help_namesEveryPublicCommandAndNoHiddenOne() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("demo", "serve", "ingest", "seed", "get", "info", "revoke", "mode", "bench", "sim")
                .doesNotContain("\n  worker", "\n  raw", "\n  http", "\n  loop");
        for (ExitCode code : ExitCode.values()) {
            assertThat(out.toString()).containsPattern("(?m)^  " + code.number() + " ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "ingest", "seed", "get", "info", "revoke", "mode"})
    void help_ofACommand_breaksNoPath(String command) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString().lines()).noneMatch(line -> line.matches(".*([ ~/]\\.|[~/])"));
    }

    @Test
    void command_nameThatNoFileCanHave_isUsageAndSaysWhatToDo() {
        assertThat(run("ingest", "--state", state(), "a\0b")).isEqualTo(2);
        assertThat(err.toString()).contains("cannot be the name of a file here").contains("LC_ALL=C.UTF-8");
    }

    @Test
    void get_withoutOutput_isUsage() {
        assertThat(run("get", "abc")).isEqualTo(2);
        assertThat(err.toString()).contains("--output");
    }

    @Test
    void get_withoutPeersAndOrigin_isUsage() throws IOException {
        assertThat(run("ingest", "--state", state(), file("a", 1).toString())).isZero();
        String id = out.toString().substring(0, 64);
        assertThat(run("get", "--state", state(), id, "-o", "x", "--no-peers", "--no-origin"))
                .isIn(2, 4);
    }

    @Test
    void get_withoutServer_saysHowToStartOne() {
        String id = "ab".repeat(32);
        assertThat(run("get", "--json", "--state", state(), id, "-o", "x")).isEqualTo(4);
        assertThat(object()).containsEntry("error", "NO_SERVER").containsEntry("exitCode", 4);
        assertThat(err.toString()).contains("runnel serve").doesNotContain("Exception");
    }

    @Test
    void get_failsBesideAFolderOfAnother_leavesIt() throws IOException {
        Path kept = Files.createDirectory(folder.resolve(".x.runnel"));
        Files.createFile(kept.resolve("mine"));
        String target = folder.resolve("x").toString();
        assertThat(run("get", "--state", state(), "ab".repeat(32), "-o", target))
                .isEqualTo(4);
        assertThat(kept.resolve("mine")).exists();
    }

    @Test
    void command_emptyState_isUsage() {
        assertThat(run("info", "--state", "")).isEqualTo(2);
        assertThat(err.toString()).contains("--state");
    }

    @Test
    void get_withServerButNoToken_isUsage() {
        String id = "ab".repeat(32);
        assertThat(run("get", id, "-o", "x", "--server", "https://localhost:1")).isEqualTo(2);
    }

    @Test
    void ingest_thenInfoByPrefix_tellTheSame() throws IOException {
        assertThat(run(
                        "ingest",
                        "--json",
                        "--state",
                        state(),
                        file("movie.mp4", 16385).toString()))
                .isZero();
        Map<?, ?> item = (Map<?, ?>) ((List<?>) object().get("blobs")).get(0);
        assertThat(item.get("sizeBytes")).isEqualTo(16385);
        assertThat(item.get("blobSizeBytes")).isEqualTo(16425);
        String id = String.valueOf(item.get("blob"));

        out.getBuffer().setLength(0);
        assertThat(run("info", "--json", "--state", state(), id.substring(0, 6)))
                .isZero();
        assertThat(object())
                .containsEntry("blob", id)
                .containsEntry("name", "movie.mp4")
                .containsEntry("contentType", "video/mp4")
                .containsEntry("groups", 2);
    }

    @Test
    void ingest_emptyFile_isABlobOfFortyBytes() throws IOException {
        assertThat(run("ingest", "--json", "--state", state(), file("empty", 0).toString()))
                .isZero();
        Map<?, ?> item = (Map<?, ?>) ((List<?>) object().get("blobs")).get(0);
        assertThat(item.get("blobSizeBytes")).isEqualTo(40);
    }

    @Test
    void ingest_missingFile_isUsage() {
        assertThat(run("ingest", "--state", state(), folder.resolve("nothing").toString()))
                .isEqualTo(2);
    }

    @Test
    void ingest_secondFileFails_tellsWhatWasPublishedBeforeIt() throws IOException {
        String first = file("first", 3).toString();
        // A file whose length is told as 0, and which yields more.
        assertThat(run("ingest", "--json", "--state", state(), first, "/proc/self/status"))
                .isEqualTo(1);
        Map<?, ?> failure = object();
        assertThat(String.valueOf(failure.get("message"))).contains("grew");
        String id = String.valueOf(((Map<?, ?>) ((List<?>) failure.get("published")).get(0)).get("blob"));

        out.getBuffer().setLength(0);
        assertThat(run("info", "--json", "--state", state(), id)).isZero();
        assertThat(object()).containsEntry("name", "first");
    }

    @Test
    void info_ambiguousPrefix_asksForMore() throws IOException {
        String one = file("one", 1).toString();
        assertThat(run("ingest", "--state", state(), one, one)).isZero();
        assertThat(run("info", "--state", state(), "")).isEqualTo(2);
        assertThat(err.toString()).contains("2 blobs begin with");
    }

    @Test
    void command_stdoutIsFull_isNoSuccess() {
        Writer full = new Writer() {
            @Override
            public void write(char[] chars, int from, int count) throws IOException {
                throw new IOException("no space left on device");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        assertThat(Main.run(new PrintWriter(full), new PrintWriter(err, true), "--version"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("stdout could not be written");
    }

    @Test
    void info_unknownPrefix_isNotFound() throws IOException {
        assertThat(run("ingest", "--state", state(), file("a", 1).toString())).isZero();
        out.getBuffer().setLength(0);
        assertThat(run("info", "--json", "--state", state(), "00")).isEqualTo(12);
        assertThat(object()).containsEntry("error", "NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "revoke alice", "info 00"})
    void command_mistypedState_saysSoAndMakesNothing(String command) {
        List<String> line = new ArrayList<>(List.of(command.split(" ")));
        line.addAll(List.of("--json", "--state", state()));
        assertThat(run(line.toArray(new String[0]))).isEqualTo(4);
        assertThat(object()).containsEntry("error", "NO_SERVER");
        assertThat(err.toString()).contains("is no state folder");
        assertThat(folder.resolve("state")).doesNotExist();
    }

    @Test
    void get_idThatIsNone_isUsageAndNotRepeated() {
        assertThat(run("get", "--state", state(), "x".repeat(100_000), "-o", "x"))
                .isEqualTo(2);
        assertThat(err.toString()).hasSizeLessThan(200).contains("64 hexadecimal digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", ".", "nowhere/file"})
    void get_outputThatIsNoFile_isUsage(String output) {
        assertThat(run("get", "--state", state(), "ab".repeat(32), "-o", output))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--output: ");
    }

    @Test
    void get_outputThatIsALinkToAFolder_isUsage() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("target")));
        assertThat(run("get", "--state", state(), "ab".repeat(32), "-o", link.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--output: must name a file");
    }

    @Test
    void get_beginningOfAnIdBesideAServer_asksForTheWholeId() {
        String state = folder.resolve("none").toString();
        assertThat(run(
                        "get",
                        "bc71",
                        "-o",
                        "x",
                        "--state",
                        state,
                        "--server",
                        "https://h:1",
                        "--ca",
                        "c",
                        "--token",
                        "t"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("must be given in full beside --server");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:secret@localhost:1",
                "http://localhost:1",
                "https://localhost:1/x",
                "https://h?a=b",
                "https://h:99999"
            })
    void get_serverThatIsNone_isUsage(String server) {
        String id = "ab".repeat(32);
        assertThat(run("get", id, "-o", "x", "--server", server, "--ca", "ca.pem", "--token", "t"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("https://HOST:PORT");
    }

    @Test
    void get_tokenWithALineEnd_isUsageAndNotRepeated() {
        String id = "ab".repeat(32);
        assertThat(run("get", id, "-o", "x", "--server", "https://h:1", "--ca", "ca.pem", "--token", "secret\n"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("visible ASCII").doesNotContain("secret");
    }

    @Test
    void serve_hostNobodyKnows_isUsage() {
        assertThat(run("serve", "--state", state(), "--host", "nosuch.invalid")).isEqualTo(2);
        assertThat(err.toString()).contains("--host: no address is known of nosuch.invalid");
    }

    @ParameterizedTest
    @CsvSource({"--port,70000", "--port,-1", "--epoch,0", "--epoch,86401"})
    void serve_numberOutOfRange_isUsage(String option, String value) {
        assertThat(run("serve", "--state", state(), option, value)).isEqualTo(2);
        assertThat(err.toString()).contains(option + ": " + value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"get -o x", "seed"})
    void command_serverWasKilled_saysHowToStartItAgain(String command) throws IOException {
        Path left = Files.createDirectories(folder.resolve("state")).resolve("server.json");
        Files.writeString(left, """
                {"port": %1$d, "baseUri": "https://localhost:%1$d", "caCertificate": "ca.pem",
                 "clientToken": "t", "adminToken": "t"}""".formatted(unusedPort()));
        List<String> line = new ArrayList<>(List.of(command.split(" ")));
        line.addAll(List.of("--json", "--state", state(), "ab".repeat(32)));

        assertThat(run(line.toArray(new String[0]))).isEqualTo(4);
        assertThat(object()).containsEntry("error", "NO_SERVER");
        assertThat(err.toString()).contains("runnel serve --state " + state());
    }

    @Test
    void get_nothingAtTheServerNamed_isNoServer() throws IOException {
        String server = "https://localhost:" + unusedPort();
        String id = "ab".repeat(32);
        assertThat(run("get", id, "-o", "x", "--server", server, "--ca", "ca.pem", "--token", "t"))
                .isEqualTo(4);
        assertThat(err.toString()).contains("no server answers at " + server);
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "many", "65536", "-1", "\u00ff"})
    void serve_damagedPortFile_namesItAndSaysWhatToDo(String content) throws IOException {
        Path file = Files.createDirectories(folder.resolve("state")).resolve("port");
        Files.writeString(file, content, StandardCharsets.ISO_8859_1);
        assertThat(run("serve", "--state", state())).isEqualTo(1);
        assertThat(err.toString())
                .contains(file + " is damaged")
                .contains("--port")
                .contains("remove");
    }

    @Test
    void info_oneRecordDamaged_listsTheOthersAndNamesIt() throws IOException {
        assertThat(run(
                        "ingest",
                        "--state",
                        state(),
                        file("a", 1).toString(),
                        file("b", 2).toString()))
                .isZero();
        List<String> ids =
                out.toString().lines().map(line -> line.substring(0, 64)).toList();
        Path record = folder.resolve("state/catalog").resolve(ids.get(0) + ".json");
        Files.writeString(record, "{\"blobId\": 7}");

        out.getBuffer().setLength(0);
        assertThat(run("info", "--json", "--state", state())).isZero();
        assertThat((List<?>) object().get("blobs"))
                .singleElement()
                .satisfies(blob -> assertThat(((Map<?, ?>) blob).get("blob")).isEqualTo(ids.get(1)));
        assertThat((List<?>) object().get("damaged")).singleElement().asString().contains(record.toString());
        assertThat(err.toString()).contains(record.toString()).contains("remove it");

        assertThat(run("info", "--state", state(), ids.get(1).substring(0, 8))).isZero();
        err.getBuffer().setLength(0);
        assertThat(run("info", "--state", state(), ids.get(0).substring(0, 8))).isEqualTo(1);
        assertThat(err.toString()).contains(record.toString()).contains("remove it");
    }

    @Test
    void info_nameWithAnEscapeSequence_isNotPrintedAsOne() throws IOException {
        assertThat(run("ingest", "--state", state(), file("a\u001b[31m", 1).toString()))
                .isZero();
        assertThat(run("info", "--state", state())).isZero();
        assertThat(out.toString()).contains("a?[31m").doesNotContain("\u001b");
    }

    @Test
    void revoke_withoutServer_holdsForTheNext() throws IOException {
        assertThat(run("ingest", "--state", state(), file("a", 1).toString())).isZero();
        out.getBuffer().setLength(0);
        assertThat(run("revoke", "--json", "--state", state(), "alice")).isZero();
        assertThat(object()).containsEntry("client", "alice").containsEntry("revoked", true);
    }

    @Test
    void mode_withoutServer_holdsForTheNext() throws IOException {
        assertThat(run("ingest", "--state", state(), file("a", 1).toString())).isZero();
        out.getBuffer().setLength(0);
        assertThat(run("mode", "--json", "--state", state(), "SHADOW")).isZero();
        assertThat(object()).containsEntry("mode", "SHADOW");
    }

    @Test
    void mode_unknown_isUsage() {
        assertThat(run("mode", "--state", state(), "MAYBE")).isEqualTo(2);
    }

    @Test
    void revoke_impossibleName_isUsage() throws IOException {
        assertThat(run("ingest", "--state", state(), file("a", 1).toString())).isZero();
        assertThat(run("revoke", "--state", state(), "alice smith")).isEqualTo(2);
    }

    @Test
    void demo_missingFile_isUsage() {
        assertThat(run("demo", folder.resolve("nothing").toString())).isEqualTo(2);
    }
}
