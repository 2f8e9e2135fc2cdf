package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.keys.FixedKeys;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a download asks of the system, so that a power cut leaves either what was there or all of the file. Skipped where
 * the machine has no strace, save where the environment says {@code CI}.
 */
@Timeout(60)
class DownloadOnDiskTest {
    @TempDir
    private Path temp;

    @Test
    void downloadTo_target_isForcedBeforeItsNameAndItsNameBeforeTheEnd() throws Exception {
        Needs.that(Needs.works("strace", "-f", "-o", "/dev/null", "true"), "strace");
        Path folder = temp.toRealPath();
        Path calls = folder.resolve("calls");
        Process process = new ProcessBuilder(
                        "strace",
                        "-f",
                        "-y",
                        "-e",
                        "trace=fsync,fdatasync,rename,renameat,renameat2",
                        "-o",
                        calls.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DownloadOnDiskTest.class.getName(),
                        folder.resolve("target").toString(),
                        "100000")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
        List<String> ours = Files.readAllLines(calls).stream()
                .filter(line -> line.contains(folder.toString()) && line.endsWith("= 0"))
                .map(line -> line.replaceFirst("^\\d+ +", "").replaceAll("\\d+<", "<"))
                .toList();
        assertThat(ours).hasSize(3);
        assertThat(ours.get(0)).matches("f(data)?sync\\(<.*/target\\.part>\\).*");
        assertThat(ours.get(1)).startsWith("rename").contains("/target.part", "/target\"");
        assertThat(ours.get(2)).matches("f(data)?sync\\(<" + folder + ">\\).*");
    }

    @Test
    void downloadTo_diskOfTheTargetIsFull_saysWhichAndWhatToDo() throws Exception {
        Process process = new ProcessBuilder(
                        "unshare",
                        "-rm",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=1m tmpfs \"$0\" && exec \"$@\"",
                        temp.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DownloadOnDiskTest.class.getName(),
                        temp.resolve("target").toString(),
                        "2000000")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Needs.that(process.waitFor() == 0, "user namespaces");
        assertThat(said).contains(temp.resolve("target") + ": cannot be written (", "make room on it");
    }

    @Test
    void downloadTo_byTwoNamesOfTheFolder_secondIsRefusedAndOtherProcessesStillAre() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("real"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), folder);
        List<String> said = new ArrayList<>();
        TestBlob published = TestBlob.random(9, 2_000_000);
        try (Runnel client = client(published);
                Blob blob = client.open(published.id())) {
            blob.downloadTo(folder.resolve("target"), (done, size) -> {
                if (said.isEmpty()) {
                    assertThatThrownBy(() -> blob.downloadTo(link.resolve("target")))
                            .isInstanceOf(FileSystemException.class)
                            .hasMessageContaining("under way");
                    said.add(said(link.resolve("target")));
                }
            });
        }
        assertThat(said).singleElement().asString().contains("under way");
        assertThat(folder.resolve("target")).hasBinaryContent(published.plaintext());
    }

    @Test
    void downloadTo_partAppearsOnceThereWasNone_isRefusedAndLeavesItAlone() throws Exception {
        Needs.that(Needs.works("strace", "-f", "-o", "/dev/null", "true"), "strace");
        Path folder = temp.toRealPath();
        Path calls = folder.resolve("calls");
        Path part = folder.resolve("target.part");
        // The process stops when it has seen that there is no part.
        List<String> strace = List.of(
                "strace",
                "-f",
                "-P",
                part.toString(),
                "-e",
                "trace=%%stat",
                "-e",
                "inject=%%stat:signal=SIGSTOP:when=1",
                "-o",
                calls.toString());
        Process process = start(strace, folder.resolve("target"));
        try {
            Awaitility.await()
                    .until(() -> Files.exists(calls) && Files.readString(calls).contains("stopped by SIGSTOP"));
            Files.writeString(part, "of another");
            for (ProcessHandle stopped : process.descendants().toList()) {
                assertThat(new ProcessBuilder("kill", "-CONT", Long.toString(stopped.pid()))
                                .start()
                                .waitFor())
                        .isZero();
            }
            assertThat(said(process)).contains("under way");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
        }
        assertThat(part).hasContent("of another");
        assertThat(folder.resolve("target")).doesNotExist();
    }

    private static Process start(List<String> wrapper, Path target) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), DownloadOnDiskTest.class.getName()));
        command.addAll(List.of(target.toString(), "2000000"));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** What another process says that downloads there. */
    private static String said(Path target) {
        try {
            return said(start(List.of(), target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String said(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Runnel client(TestBlob published) {
        ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
        origin.add("o", published, Script.all(published));
        return Runnel.builder()
                .keySource(new FixedKeys(published))
                .source(origin)
                .build();
    }

    /** What the other process does. */
    public static void main(String[] arguments) throws IOException {
        TestBlob published = TestBlob.random(9, Integer.parseInt(arguments[1]));
        try (Runnel client = client(published);
                Blob blob = client.open(published.id())) {
            blob.downloadTo(Path.of(arguments[0]));
        } catch (FileSystemException failure) {
            System.out.println(failure.getMessage());
        }
    }
}
