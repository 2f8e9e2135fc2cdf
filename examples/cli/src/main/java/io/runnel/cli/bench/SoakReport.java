package io.runnel.cli.bench;

import io.runnel.cli.process.Event;
import io.runnel.cli.report.Footprint;
import io.runnel.cli.report.Report;
import io.runnel.cli.report.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What one process held that fetched files again and again. Of each list, an entry is of the end of a minute, between
 * two fetches.
 *
 * @param sizeBytes length of each file
 * @param oneClient whether one client fetched all, or each fetch was of a client of its own
 * @param pauseMillis between two fetches
 * @param minutes how long it went on
 * @param fetches how many there were, from peers and from the origin in turn
 * @param residentMegabytes memory resident
 * @param heapMegabytes of the Java heap, what the last collections had left
 * @param threads of the process
 * @param descriptors it had open
 * @param first medians of the first ten minutes, or of the first half of fewer than twenty
 * @param last medians of as many minutes at the end
 */
public record SoakReport(
        Machine machine,
        long sizeBytes,
        boolean oneClient,
        long pauseMillis,
        int minutes,
        long fetches,
        List<Double> residentMegabytes,
        List<Double> heapMegabytes,
        List<Long> threads,
        List<Long> descriptors,
        Held first,
        Held last)
        implements Report {
    private static final int COMPARED = 10;
    private static final String ROW = "  %-20s %12s %12s %8s %12s";

    /** Keeps copies of the lists. */
    public SoakReport {
        residentMegabytes = List.copyOf(residentMegabytes);
        heapMegabytes = List.copyOf(heapMegabytes);
        threads = List.copyOf(threads);
        descriptors = List.copyOf(descriptors);
    }

    /** Medians over some minutes. */
    public record Held(double residentMegabytes, double heapMegabytes, double threads, double descriptors) {
        private static Held of(List<Footprint> some) {
            return new Held(
                    Medians.of(some, each -> megabytes(each.residentBytes())),
                    Medians.of(some, each -> megabytes(each.heapBytes())),
                    Medians.of(some, Footprint::threads),
                    Medians.of(some, Footprint::descriptors));
        }
    }

    /** The report of a run of at least a minute. */
    static SoakReport of(
            Machine machine, long sizeBytes, boolean oneClient, Duration pause, List<Event.Sampled> samples) {
        List<Footprint> each = samples.stream().map(Event.Sampled::footprint).toList();
        int minutes = each.size();
        int compared = Math.min(COMPARED, (minutes + 1) / 2);
        return new SoakReport(
                machine,
                sizeBytes,
                oneClient,
                pause.toMillis(),
                minutes,
                samples.get(minutes - 1).fetches(),
                inMegabytes(each, Footprint::residentBytes),
                inMegabytes(each, Footprint::heapBytes),
                each.stream().map(Footprint::threads).toList(),
                each.stream().map(Footprint::descriptors).toList(),
                Held.of(each.subList(0, compared)),
                Held.of(each.subList(minutes - compared, minutes)));
    }

    private static List<Double> inMegabytes(List<Footprint> each, ToLongFunction<Footprint> bytes) {
        return each.stream().map(one -> megabytes(bytes.applyAsLong(one))).toList();
    }

    private static double megabytes(long bytes) {
        return Units.round(bytes / 1e6, 1);
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(machine.toString());
        lines.add("%s, %d fetches of %s in %d minutes, %d ms between two"
                .formatted(
                        Units.bytes(sizeBytes),
                        fetches,
                        oneClient ? "one client" : "a client each",
                        minutes,
                        pauseMillis));
        lines.add(ROW.formatted("", "resident MB", "heap MB", "threads", "descriptors"));
        for (int i = 0; i < minutes; i++) {
            lines.add(ROW.formatted(
                    "minute " + (i + 1),
                    residentMegabytes.get(i),
                    heapMegabytes.get(i),
                    threads.get(i),
                    descriptors.get(i)));
        }
        lines.add(row("first, median", first));
        lines.add(row("last, median", last));
        return lines;
    }

    private static String row(String name, Held held) {
        return ROW.formatted(
                name,
                Units.round(held.residentMegabytes(), 1),
                Units.round(held.heapMegabytes(), 1),
                held.threads(),
                held.descriptors());
    }
}
