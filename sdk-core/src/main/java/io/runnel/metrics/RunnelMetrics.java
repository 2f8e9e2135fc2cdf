package io.runnel.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.runnel.Runnel;
import io.runnel.fetch.ClientStats;
import io.runnel.fetch.OriginUse;
import io.runnel.source.PeerPath;
import io.runnel.source.SourceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Binds what {@link Runnel#stats} counts to a Micrometer registry. The app must have {@code io.micrometer:micrometer-core}
 * on its own. The registry holds the client weakly: keep the client for as long as it is to be measured. Two clients in one
 * registry need tags that tell them apart: of meters that are alike the first stays, and a warning says so. Close it with
 * the client, so that the next one can take its place. Safe for use on any thread.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>kind</th><th>tags</th><th>what</th></tr>
 * <tr><td>runnel.bytes</td><td>counter, bytes</td><td>source: peer, origin, store</td><td>proven bytes</td></tr>
 * <tr><td>runnel.wasted</td><td>counter, bytes</td><td></td><td>bytes that arrived in vain</td></tr>
 * <tr><td>runnel.rejected.groups</td><td>counter</td><td></td><td>chunk groups that were lies</td></tr>
 * <tr><td>runnel.origin.groups</td><td>counter</td><td>use: as {@link OriginUse}</td><td>asked of the origin</td></tr>
 * <tr><td>runnel.stalls</td><td>timer</td><td></td><td>waits in the middle of a blob</td></tr>
 * <tr><td>runnel.first.byte</td><td>timer</td><td></td><td>from open to the first byte</td></tr>
 * <tr><td>runnel.offload</td><td>gauge, 0 to 1</td><td></td><td>part of the bytes that came from peers</td></tr>
 * <tr><td>runnel.blobs.opened</td><td>counter</td><td></td><td>blobs opened</td></tr>
 * <tr><td>runnel.blobs.open</td><td>gauge</td><td></td><td>blobs open now</td></tr>
 * <tr><td>runnel.peers</td><td>gauge</td><td>path: as {@link PeerPath}</td><td>peers connected now</td></tr>
 * </table>
 */
// An app that calls this requires the module micrometer.core itself; others must not have to.
@SuppressWarnings("exports")
public final class RunnelMetrics implements MeterBinder, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunnelMetrics.class);

    private final Runnel runnel;
    private final Tags tags;
    private final List<Bound> bound = new ArrayList<>();

    private record Bound(MeterRegistry registry, Meter meter) {}

    /** Metrics without tags of the app's own. */
    public RunnelMetrics(Runnel runnel) {
        this(runnel, Tags.empty());
    }

    /** Metrics that all carry these tags too. */
    public RunnelMetrics(Runnel runnel, Iterable<Tag> tags) {
        this.runnel = Objects.requireNonNull(runnel, "runnel");
        this.tags = Tags.of(tags);
    }

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        Set<Meter> before = Set.copyOf(registry.getMeters());
        List<Meter> made = new ArrayList<>();
        for (SourceInfo.Kind kind : SourceInfo.Kind.values()) {
            made.add(bytes(registry, kind.name(), stats -> stats.bytesFrom(kind)));
        }
        made.add(bytes(registry, "store", ClientStats::bytesFromStore));
        made.add(counter("runnel.wasted", "Bytes that arrived in vain", ClientStats::wastedBytes)
                .baseUnit("bytes")
                .register(registry));
        made.add(counter("runnel.rejected.groups", "Chunk groups that were not the blob's", ClientStats::rejectedGroups)
                .register(registry));
        for (OriginUse use : OriginUse.values()) {
            made.add(counter(
                            "runnel.origin.groups",
                            "Chunk groups asked of the origin, by why",
                            stats -> count(stats, use))
                    .tag("use", lower(use.name()))
                    .register(registry));
        }
        for (PeerPath path : PeerPath.values()) {
            made.add(gauge(
                            "runnel.peers",
                            "Peers connected now",
                            stats -> stats.peers().getOrDefault(path, 0))
                    .tag("path", lower(path.name()))
                    .register(registry));
        }
        made.addAll(timers(registry));
        made.addAll(blobs(registry));
        if (made.removeIf(before::contains)) {
            LOG.warn(
                    "the registry has meters with the same tags: close the RunnelMetrics of the client before, or tag each");
        }
        made.forEach(meter -> bound.add(new Bound(registry, meter)));
    }

    /** Takes the meters out of all registries that they were bound to. Idempotent; they may be bound again. */
    @Override
    public synchronized void close() {
        bound.forEach(each -> each.registry.remove(each.meter));
        bound.clear();
    }

    private static long count(ClientStats stats, OriginUse use) {
        return stats.originUse().getOrDefault(use, 0L);
    }

    private FunctionCounter bytes(MeterRegistry registry, String source, ToDoubleFunction<ClientStats> value) {
        return counter("runnel.bytes", "Proven bytes by where they came from", value)
                .tag("source", lower(source))
                .baseUnit("bytes")
                .register(registry);
    }

    private List<Meter> timers(MeterRegistry registry) {
        return List.of(
                FunctionTimer.builder(
                                "runnel.stalls",
                                runnel,
                                client -> client.stats().stalls().count(),
                                client -> client.stats().stalls().total().toNanos(),
                                TimeUnit.NANOSECONDS)
                        .description("Waits of readers in the middle of a blob")
                        .tags(tags)
                        .register(registry),
                FunctionTimer.builder(
                                "runnel.first.byte",
                                runnel,
                                client -> client.stats().firstBytes(),
                                client -> client.stats().timeToFirstBytes().toNanos(),
                                TimeUnit.NANOSECONDS)
                        .description("From the opening of a blob to its first byte")
                        .tags(tags)
                        .register(registry));
    }

    private List<Meter> blobs(MeterRegistry registry) {
        return List.of(
                gauge("runnel.offload", "Part of the bytes that came from peers", ClientStats::offload)
                        .register(registry),
                gauge("runnel.blobs.open", "Blobs open now", ClientStats::openBlobs)
                        .register(registry),
                counter("runnel.blobs.opened", "Blobs opened", ClientStats::openedBlobs)
                        .register(registry));
    }

    private FunctionCounter.Builder<Runnel> counter(
            String name, String description, ToDoubleFunction<ClientStats> value) {
        return FunctionCounter.builder(name, runnel, client -> value.applyAsDouble(client.stats()))
                .description(description)
                .tags(tags);
    }

    private Gauge.Builder<Runnel> gauge(String name, String description, ToDoubleFunction<ClientStats> value) {
        return Gauge.builder(name, runnel, client -> value.applyAsDouble(client.stats()))
                .description(description)
                .tags(tags);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
