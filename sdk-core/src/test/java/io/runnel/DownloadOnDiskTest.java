package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.keys.FixedKeys;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** What the other process does. */
    public static void main(String[] arguments) throws IOException {
        TestBlob published = TestBlob.random(9, Integer.parseInt(arguments[1]));
        ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
        origin.add("o", published, Script.all(published));
        try (Runnel client = Runnel.builder()
                        .keySource(new FixedKeys(published))
                        .source(origin)
                        .build();
                Blob blob = client.open(published.id())) {
            blob.downloadTo(Path.of(arguments[0]));
        } catch (FileSystemException failure) {
            System.out.println(failure.getMessage());
        }
    }
}
