package io.runnel.cli;

import io.runnel.cli.report.Report;
import io.runnel.cli.report.Units;
import java.util.List;

/**
 * All blobs of a catalog.
 *
 * @param blobs ordered by name
 */
record InfoListReport(List<InfoReport> blobs) implements Report {
    @Override
    public List<String> lines() {
        return blobs.stream()
                .map(each -> each.blob() + "  " + Units.bytes(each.sizeBytes()) + "  " + each.name())
                .toList();
    }
}
