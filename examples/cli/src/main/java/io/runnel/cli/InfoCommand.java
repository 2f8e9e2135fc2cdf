package io.runnel.cli;

import io.runnel.cli.report.ExitCode;
import io.runnel.devserver.Catalog;
import io.runnel.devserver.CatalogListing;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tells what the catalog says of a blob, or of all. */
@Command(name = "info", mixinStandardHelpOptions = true, description = "Show a blob's record, or list all blobs.")
final class InfoCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final StateOptions state = new StateOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "ID",
            description = "The blob's id, or a beginning of it that no other has; all blobs without it.")
    private @Nullable String id;

    @Override
    public Integer call() throws IOException {
        if (id == null) {
            CatalogListing all = Catalog.list(state.folder());
            all.damaged().forEach(each -> output.remarks().println("runnel: " + each));
            output.report(InfoListReport.of(all));
        } else {
            output.report(InfoReport.of(state.record(id)));
        }
        return ExitCode.OK.number();
    }
}
