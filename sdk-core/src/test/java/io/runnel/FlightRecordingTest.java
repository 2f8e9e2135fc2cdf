package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchSettings;
import io.runnel.keys.FixedKeys;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FlightRecordingTest {
    private static final List<String> EVENTS = List.of("Open", "Fetch", "SourceRequest", "Stall", "Rejection");
    private static final TestBlob BLOB = TestBlob.random(51, 2 << 20);

    @TempDir
    private Path temp;

    @Test
    void recording_ofAFetch_hasItsEvents() throws IOException {
        ScriptedProvider peers = new ScriptedProvider(Kind.PEER);
        ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
        ScriptedSource liar = peers.add("liar", BLOB, Script.all(BLOB).liesAlways());
        origin.add("o", BLOB, Script.all(BLOB));
        List<RecordedEvent> events;
        Duration all;
        long started = System.nanoTime();
        try (Recording recording = new Recording()) {
            EVENTS.forEach(event -> recording.enable("io.runnel." + event));
            recording.start();
            fetch(peers, origin);
            recording.stop();
            all = Duration.ofNanos(System.nanoTime() - started);
            Path file = temp.resolve("fetch.jfr");
            recording.dump(file);
            events = RecordingFile.readAllEvents(file);
        }
        assertThat(named(events, "Open"))
                .hasSize(2)
                .anySatisfy(event -> assertThat(event.getString("failure")).isEqualTo("NOT_FOUND"));
        RecordedEvent fetch = named(events, "Fetch").get(0);
        assertThat(fetch.getString("blob")).isEqualTo(BLOB.id().toString());
        assertThat(fetch.getLong("plaintextBytes")).isEqualTo(2 << 20);
        assertThat(fetch.getLong("bytesFromOrigin")).isEqualTo(BLOB.bytes().length);
        assertThat(fetch.getLong("rejectedGroups")).isEqualTo(1);
        // From the call of open, which is before the event begins.
        assertThat(fetch.getDuration("timeToFirstByteNanos")).isPositive().isLessThanOrEqualTo(all);
        assertThat(named(events, "Rejection"))
                .singleElement()
                .satisfies(event -> assertThat(event.getString("source"))
                        .isEqualTo(liar.info().id()));
        assertThat(named(events, "SourceRequest"))
                .filteredOn(event -> event.getString("source").equals("origin:o"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.getString("outcome")).isEqualTo("COMPLETED"))
                .extracting(event -> event.getLong("receivedBytes"))
                .satisfies(bytes -> assertThat(
                                bytes.stream().mapToLong(Long::longValue).sum())
                        .isEqualTo(BLOB.bytes().length));
    }

    private static void fetch(ScriptedProvider peers, ScriptedProvider origin) throws IOException {
        try (Runnel runnel = Runnel.builder()
                .keySource(new FixedKeys(BLOB))
                .source(peers)
                .source(origin)
                .settings(FetchSettings.defaults().withUrgentBytes(0).withPeerWait(Duration.ofMillis(100)))
                .build()) {
            try (Blob blob = runnel.open(BLOB.id())) {
                assertThat(blob.read(new ByteRange(0, blob.size()))).isEqualTo(BLOB.plaintext());
            }
            assertThatThrownBy(() -> runnel.open(TestBlob.random(99, 1).id())).isInstanceOf(FetchException.class);
            Awaitility.await().until(() -> runnel.stats().openBlobs() == 0);
        }
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("io.runnel." + name))
                .toList();
    }
}
