package io.runnel.cli;

import io.runnel.cli.client.Seeding;
import io.runnel.cli.client.Sources;
import io.runnel.cli.report.Report;
import io.runnel.cli.report.Units;
import io.runnel.fetch.FetchStats;
import java.util.List;
import java.util.Map;

/**
 * What a seeder tells once it holds all of a blob.
 *
 * @param blob the blob's id
 * @param sizeBytes length of the plaintext
 * @param complete always true
 * @param corrupt whether it serves corrupted bytes
 * @param bytesBySource proven bytes of the blob by who delivered them
 * @param bytesFromStore bytes that were in the store before
 */
record SeedReport(
        String blob,
        long sizeBytes,
        boolean complete,
        boolean corrupt,
        Map<String, Long> bytesBySource,
        long bytesFromStore)
        implements Report {
    static SeedReport of(Seeding seeding, boolean corrupt) {
        FetchStats totals = seeding.totals();
        return new SeedReport(
                seeding.id().toString(),
                seeding.sizeBytes(),
                true,
                corrupt,
                Sources.byId(totals),
                totals.bytesFromStore());
    }

    @Override
    public List<String> lines() {
        return List.of("complete: %s of %s%s"
                .formatted(Units.bytes(sizeBytes), blob, corrupt ? ", serving corrupted bytes" : ""));
    }
}
