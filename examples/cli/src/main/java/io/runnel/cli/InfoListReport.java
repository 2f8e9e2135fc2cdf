package io.runnel.cli;

import io.runnel.cli.report.Report;
import io.runnel.cli.report.Units;
import io.runnel.devserver.CatalogListing;
import java.util.List;

/**
 * All blobs of a catalog.
 *
 * @param blobs ordered by name
 * @param damaged of each record that cannot be read, a text that names its file and says what to do
 */
record InfoListReport(List<InfoReport> blobs, List<String> damaged) implements Report {
    static InfoListReport of(CatalogListing listing) {
        return new InfoListReport(listing.records().stream().map(InfoReport::of).toList(), listing.damaged());
    }

    @Override
    public List<String> lines() {
        return blobs.stream()
                .map(each -> each.blob() + "  " + Units.bytes(each.sizeBytes()) + "  " + each.name())
                .toList();
    }
}
