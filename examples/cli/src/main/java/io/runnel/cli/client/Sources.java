package io.runnel.cli.client;

import io.runnel.cli.report.Units;
import io.runnel.fetch.FetchStats;
import io.runnel.source.SourceInfo;
import java.util.Map;
import java.util.TreeMap;

/** Who delivered what, in words. */
public final class Sources {
    private Sources() {}

    /** Proven bytes by the source's id, in the ids' order. */
    public static Map<String, Long> byId(FetchStats totals) {
        Map<String, Long> bytes = new TreeMap<>();
        totals.bytesBySource().forEach((source, count) -> bytes.merge(source.id(), count, Long::sum));
        return bytes;
    }

    /** For a progress line: what came from peers and what from the origin. */
    public static String note(FetchStats totals) {
        return "peers " + Units.bytes(totals.bytesFrom(SourceInfo.Kind.PEER)) + ", origin "
                + Units.bytes(totals.bytesFrom(SourceInfo.Kind.ORIGIN));
    }
}
