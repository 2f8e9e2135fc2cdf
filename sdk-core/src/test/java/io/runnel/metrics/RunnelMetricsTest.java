package io.runnel.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.fetch.ByteRange;
import io.runnel.keys.FixedKeys;
import io.runnel.source.PeerPath;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RunnelMetricsTest {
    private static final TestBlob BLOB = TestBlob.random(50, 1 << 20);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double counter(String name, String... tags) {
        return registry.get(name).tags(tags).functionCounter().count();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private static Runnel client() {
        return Runnel.builder()
                .keySource(new FixedKeys(BLOB))
                .source(new ScriptedProvider(Kind.PEER))
                .build();
    }

    @Test
    void bindTo_clientThatFetched_showsItsStats() throws IOException {
        ScriptedProvider peers = new ScriptedProvider(Kind.PEER);
        peers.add("a", BLOB, Script.all(BLOB).path(PeerPath.RELAY));
        try (Runnel runnel =
                Runnel.builder().keySource(new FixedKeys(BLOB)).source(peers).build()) {
            new RunnelMetrics(runnel, Tags.of("app", "test")).bindTo(registry);
            assertThat(counter("runnel.bytes", "source", "peer", "app", "test")).isZero();
            try (Blob blob = runnel.open(BLOB.id())) {
                blob.read(new ByteRange(0, blob.size()));
                assertThat(counter("runnel.bytes", "source", "peer")).isEqualTo(BLOB.bytes().length);
                assertThat(counter("runnel.bytes", "source", "origin")).isZero();
                assertThat(counter("runnel.bytes", "source", "store")).isZero();
                assertThat(counter("runnel.blobs.opened")).isEqualTo(1);
                assertThat(gauge("runnel.blobs.open")).isEqualTo(1);
                assertThat(gauge("runnel.offload")).isEqualTo(1);
                assertThat(gauge("runnel.peers", "path", "relay")).isEqualTo(1);
                assertThat(gauge("runnel.peers", "path", "host")).isZero();
                assertThat(counter("runnel.origin.groups", "use", "urgent")).isZero();
                assertThat(counter("runnel.wasted")).isZero();
                assertThat(counter("runnel.rejected.groups")).isZero();
                assertThat(registry.get("runnel.first.byte").functionTimer().count())
                        .isEqualTo(1);
                assertThat(registry.get("runnel.first.byte").functionTimer().totalTime(TimeUnit.NANOSECONDS))
                        .isCloseTo((double) runnel.stats().timeToFirstBytes().toNanos(), within(1.0));
                assertThat(registry.get("runnel.stalls").functionTimer().count())
                        .isEqualTo((double) runnel.stats().stalls().count());
            }
        }
    }

    @Test
    void close_thenAnotherClient_takesItsPlace() throws IOException {
        try (Runnel first = client();
                Runnel second = client()) {
            RunnelMetrics metrics = new RunnelMetrics(first);
            metrics.bindTo(registry);
            metrics.close();
            assertThat(registry.getMeters()).isEmpty();
            new RunnelMetrics(second).bindTo(registry);
            second.open(BLOB.id()).close();
            assertThat(counter("runnel.blobs.opened")).isEqualTo(1);
        }
    }

    @Test
    void close_metersOfAnotherClientAreAlike_leavesThem() throws IOException {
        try (Runnel first = client();
                Runnel second = client()) {
            new RunnelMetrics(first).bindTo(registry);
            RunnelMetrics metrics = new RunnelMetrics(second);
            metrics.bindTo(registry);
            first.open(BLOB.id()).close();
            metrics.close();
            assertThat(counter("runnel.blobs.opened")).isEqualTo(1);
        }
    }
}
